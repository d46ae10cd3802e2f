package io.threescale.spring.metering.method;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.CurrentCalls;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Has Micrometer's context propagation take the call along to other threads, and from
 * reactive chains to threads, so that methods called there are part of it.
 *
 * @since 0.1.0
 */
public final class CurrentCallAccessor implements ThreadLocalAccessor<CurrentCall>, InitializingBean, DisposableBean {

	private final ContextRegistry registry;

	private final CurrentCalls currentCalls;

	/**
	 * Create an accessor.
	 * @param registry where it is registered as long as it is a bean
	 * @param currentCalls knows the call that a thread works for
	 */
	public CurrentCallAccessor(ContextRegistry registry, CurrentCalls currentCalls) {
		this.registry = registry;
		this.currentCalls = currentCalls;
	}

	@Override
	public void afterPropertiesSet() {
		this.registry.registerThreadLocalAccessor(this);
	}

	/** That of another application may have taken its place. */
	@Override
	public void destroy() {
		if (this.registry.getThreadLocalAccessors().contains(this)) {
			this.registry.removeThreadLocalAccessor(key());
		}
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
