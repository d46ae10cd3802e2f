package io.threescale.spring.metering.reactive;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.http.HttpEntity;
import org.springframework.http.ResponseEntity;
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
		HandlerResult measured = new HandlerResult(result.getHandler(), measured(result.getReturnValue(), onBody),
				result.getReturnTypeSource(), result.getBindingContext());
		DispatchExceptionHandler exceptionHandler = result.getExceptionHandler();
		return (exceptionHandler != null) ? measured.setExceptionHandler(exceptionHandler) : measured;
	}

	/**
	 * Looks into what comes later, such as a future, and into entities, in any nesting.
	 */
	private static @Nullable Object measured(@Nullable Object value, Consumer<@Nullable Object> onBody) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, value);
		if (value != null && adapter != null) {
			return adapter.isMultiValue() ? value
					: Mono.<Object>from(adapter.toPublisher(value)).mapNotNull((emitted) -> measured(emitted, onBody));
		}
		if (value instanceof HttpEntity<?> entity) {
			Object body = measured(entity.getBody(), onBody);
			return (body != entity.getBody()) ? with(body, entity) : value;
		}
		onBody.accept(value);
		return value;
	}

	private static HttpEntity<?> with(@Nullable Object body, HttpEntity<?> entity) {
		return (entity instanceof ResponseEntity<?> response)
				? new ResponseEntity<>(body, response.getHeaders(), response.getStatusCode())
				: new HttpEntity<>(body, entity.getHeaders());
	}

}
