package io.threescale.spring.metering.method;

import java.util.function.Supplier;

import io.threescale.spring.metering.MeteredMethods;
import org.aopalliance.aop.Advice;
import org.jetbrains.annotations.ApiStatus;

import org.springframework.aop.support.DefaultPointcutAdvisor;

/**
 * Puts the metering around the metered methods of all beans that are no controllers.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteredMethodAdvisor extends DefaultPointcutAdvisor {

	/**
	 * Create an advisor.
	 * @param methods knows which methods are metered; not asked before the first bean
	 * that may have one
	 * @param interceptor meters them
	 */
	public MeteredMethodAdvisor(Supplier<MeteredMethods> methods, Advice interceptor) {
		super(new MeteredMethodPointcut(methods), interceptor);
	}

}
