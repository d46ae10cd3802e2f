package io.threescale.spring.security;

import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;

import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.web.context.WebApplicationContext;

/**
 * Lets access rules know the calling application and its plan:
 *
 * <pre class="code">
 * http.with(threeScale(), withDefaults())
 *     .authorizeHttpRequests((requests) -&gt; requests
 *         .requestMatchers("/reports/**").hasAuthority("PLAN_premium")
 *         .anyRequest().permitAll());
 * </pre>
 *
 * A metered call is then decided about by 3scale after Spring Security's own
 * authentication and before the access rules, not after them; once in either case. Where
 * metering is switched off it changes nothing.
 *
 * @since 0.1.0
 * @see ThreeScaleAuthentication
 */
public final class ThreeScaleConfigurer extends AbstractHttpConfigurer<ThreeScaleConfigurer, HttpSecurity> {

	private ThreeScaleConfigurer() {
	}

	/**
	 * Create a configurer, for {@link HttpSecurity#with}.
	 * @return the configurer
	 */
	public static ThreeScaleConfigurer threeScale() {
		return new ThreeScaleConfigurer();
	}

	/**
	 * Comes before the exceptions of access rules are translated, to see how they are
	 * answered.
	 */
	@Override
	public void configure(HttpSecurity http) {
		ApplicationContext context = http.getSharedObject(ApplicationContext.class);
		context.getBeanProvider(ThreeScaleHandlerInterceptor.class)
			.ifAvailable((metering) -> http.addFilterBefore(
					new ThreeScaleAuthenticationFilter(() -> new MvcDispatcher((WebApplicationContext) context),
							metering, context.getBean(ThreeScaleAuthenticationConverter.class),
							getSecurityContextHolderStrategy()),
					ExceptionTranslationFilter.class));
	}

}
