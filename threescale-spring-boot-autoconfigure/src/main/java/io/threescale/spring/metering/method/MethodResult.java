package io.threescale.spring.metering.method;

import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;

import io.threescale.spring.metering.InvalidMeteringException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * What a method returns, as far as it matters for when the method is done.
 */
final class MethodResult {

	private static final ReactiveAdapterRegistry ADAPTERS = ReactiveAdapterRegistry.getSharedInstance();

	private MethodResult() {
	}

	/**
	 * Find what makes a publisher of the result of a method, and such a result of a
	 * publisher.
	 * @return the adapter, or {@code null} if the method begins its work when it is
	 * called
	 */
	static @Nullable ReactiveAdapter adapter(Method method) {
		Class<?> type = new MethodParameter(method, -1).getParameterType();
		ReactiveAdapter adapter = ADAPTERS.getAdapter(type);
		if (KotlinDetector.isSuspendingFunction(method)) {
			// Spring's proxies hand over a publisher, and expect one
			return ADAPTERS.getAdapter((adapter != null && adapter.isMultiValue()) ? Flux.class : Mono.class);
		}
		return (adapter != null && (adapter.getDescriptor().isDeferred() || isLater(type))) ? adapter : null;
	}

	/**
	 * A method that returns a future is called at once, but not by a thread that must not
	 * wait for the decision.
	 */
	private static boolean isLater(Class<?> type) {
		return type.isAssignableFrom(CompletableFuture.class) && Schedulers.isInNonBlockingThread();
	}

	/**
	 * Verify that a result that is metered is still one that the method returns.
	 * @throws InvalidMeteringException if it is not, as with a subclass of {@link Flux}
	 */
	static void verify(Method method) {
		Class<?> type = method.getReturnType();
		ReactiveAdapter adapter = ADAPTERS.getAdapter(type);
		if (adapter == null || !adapter.getDescriptor().isDeferred()) {
			return;
		}
		Class<?> made = (adapter.getReactiveType() == Publisher.class) ? Flux.class : adapter.getReactiveType();
		if (!type.isAssignableFrom(made)) {
			throw new InvalidMeteringException(method, "What it returns, " + type.getSimpleName()
					+ ", cannot be metered until its end; " + made.getSimpleName() + " can");
		}
	}

}
