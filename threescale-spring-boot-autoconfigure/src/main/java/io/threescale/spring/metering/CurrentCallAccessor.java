package io.threescale.spring.metering;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;

/**
 * Has Micrometer's context propagation take the call along to other threads, and from
 * reactive chains to threads, so that methods called there are part of it.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class CurrentCallAccessor implements ThreadLocalAccessor<CurrentCall>, InitializingBean {

	private final ContextRegistry registry;

	private final CurrentCalls currentCalls;

	/**
	 * Create an accessor.
	 * @param registry where it is registered
	 * @param currentCalls knows the call that a thread works for
	 */
	public CurrentCallAccessor(ContextRegistry registry, CurrentCalls currentCalls) {
		this.registry = registry;
		this.currentCalls = currentCalls;
	}

	/**
	 * Register it. It stays, as it may serve other applications in the process as well,
	 * and keeps nothing of this one.
	 */
	@Override
	public void afterPropertiesSet() {
		this.registry.registerThreadLocalAccessor(this);
	}

	@Override
	public Object key() {
		return CurrentCall.class;
	}

	@Override
	public @Nullable CurrentCall getValue() {
		return this.currentCalls.find();
	}

	@Override
	public void setValue(CurrentCall call) {
		this.currentCalls.bind(call);
	}

	@Override
	public void setValue() {
		this.currentCalls.bind(null);
	}

}
