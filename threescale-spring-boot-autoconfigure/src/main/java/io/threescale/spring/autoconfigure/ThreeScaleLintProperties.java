package io.threescale.spring.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether 3scale is asked at start for what is declared here.
 *
 * @param mode What happens if the token does not work, or a metric does not exist at
 * 3scale. With 'off', nobody asks.
 * @param application An application of the default service that asks for its metrics. If
 * not set, the first caller does that 3scale knows.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale.lint")
public record ThreeScaleLintProperties(@DefaultValue("off") Mode mode,
		@NestedConfigurationProperty @DefaultValue ThreeScaleApplicationProperties application) {

	/**
	 * What happens if something declared here is not there at 3scale.
	 */
	public enum Mode {

		/** Nothing, as 3scale is not asked. */
		OFF,

		/** The log says so, by a WARN. */
		WARN,

		/** The start fails. */
		FAIL

	}

}
