package io.threescale.spring.security;

import io.threescale.spring.metering.reactive.ThreeScaleHandlerAdapter;
import io.threescale.spring.metering.reactive.ThreeScaleWebFilter;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.security.config.web.server.SecurityWebFiltersOrder;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.WebFilter;

/**
 * Lets the access rules of WebFlux know the calling application and its plan:
 *
 * <pre class="code">
 * &#064;Bean
 * SecurityWebFilterChain api(ServerHttpSecurity http, ThreeScaleServerConfigurer threeScale) {
 *     return threeScale.configure(http)
 *         .authorizeExchange((exchanges) -&gt; exchanges
 *             .pathMatchers("/reports/**").hasAuthority("PLAN_premium")
 *             .anyExchange().permitAll())
 *         .build();
 * }
 * </pre>
 *
 * A metered call is then decided about by 3scale after Spring Security's own
 * authentication and before the access rules, not after them; once in either case. Where
 * metering is switched off it changes nothing.
 *
 * @since 0.1.0
 * @see ThreeScaleAuthentication
 */
public final class ThreeScaleServerConfigurer {

	private final BeanFactory beans;

	/**
	 * Create a configurer.
	 * @param beans has the beans that meter, if metering is on
	 */
	public ThreeScaleServerConfigurer(BeanFactory beans) {
		this.beans = beans;
	}

	/**
	 * Have 3scale decide before the access rules.
	 * @param http what is configured
	 * @return the same
	 */
	public ServerHttpSecurity configure(ServerHttpSecurity http) {
		this.beans.getBeanProvider(ThreeScaleAuthenticationConverter.class)
			.ifAvailable((converter) -> http.addFilterBefore(filter(converter),
					SecurityWebFiltersOrder.EXCEPTION_TRANSLATION));
		return http;
	}

	private WebFilter filter(ThreeScaleAuthenticationConverter converter) {
		return new ThreeScaleAuthenticationWebFilter(() -> this.beans.getBean(DispatcherHandler.class),
				this.beans.getBean(ThreeScaleHandlerAdapter.class), this.beans.getBean(ThreeScaleWebFilter.class),
				converter);
	}

}
