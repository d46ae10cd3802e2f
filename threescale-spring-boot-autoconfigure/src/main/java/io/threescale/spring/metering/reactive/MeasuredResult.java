package io.threescale.spring.metering.reactive;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpEntity;
import org.springframework.web.reactive.DispatchExceptionHandler;
import org.springframework.web.reactive.HandlerResult;

/**
 * Looks at what a handler returns while it is on its way to become the body. Streams are
 * not collected.
 */
final class MeasuredResult {

	private MeasuredResult() {
	}

	static HandlerResult of(HandlerResult result, Consumer<@Nullable Object> onBody) {
		if (!(result.getReturnValue() instanceof Mono<?> value)) {
			onBody.accept(body(result.getReturnValue()));
			return result;
		}
		HandlerResult measured = new HandlerResult(result.getHandler(),
				value.doOnNext((emitted) -> onBody.accept(body(emitted))), result.getReturnTypeSource(),
				result.getBindingContext());
		DispatchExceptionHandler exceptionHandler = result.getExceptionHandler();
		return (exceptionHandler != null) ? measured.setExceptionHandler(exceptionHandler) : measured;
	}

	private static @Nullable Object body(@Nullable Object value) {
		return (value instanceof HttpEntity<?> entity) ? entity.getBody() : value;
	}

}
