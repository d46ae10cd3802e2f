package io.threescale.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Everything under {@code threescale.fleet}: what instances of the application share.
 *
 * @param mode Whether instances share usage and limits, and through what.
 * @param keyPrefix What the names of all keys in Redis begin with. Fleets that share a
 * Redis need one each.
 * @param secret Secret of 32 characters or more that all instances share. What is in
 * Redis is encrypted with it.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale.fleet")
public record ThreeScaleFleetProperties(@DefaultValue("none") Mode mode, @DefaultValue("threescale") String keyPrefix,
		@Nullable String secret) {

	private static final int MIN_SECRET = 32;

	/**
	 * What instances share usage and limits through.
	 */
	public enum Mode {

		/** Each instance is on its own. */
		NONE,

		/** The Redis that Spring Data Redis is connected to. */
		REDIS

	}

	String requiredSecret() {
		String secret = this.secret;
		if (!StringUtils.hasText(secret)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.fleet.mode' is 'redis', but 'threescale.fleet.secret' is not set.",
					"Set it to the same random text on all instances, such as the output of 'openssl rand -hex 32'.");
		}
		InvalidThreeScaleConfigurationException.require(secret.length() >= MIN_SECRET, "threescale.fleet.secret",
				MIN_SECRET + " characters or longer");
		return secret;
	}

	/** A brace would change which slot of a cluster the keys are in. */
	String validKeyPrefix() {
		InvalidThreeScaleConfigurationException.require(
				StringUtils.hasText(this.keyPrefix) && !this.keyPrefix.contains("{") && !this.keyPrefix.contains("}"),
				"threescale.fleet.key-prefix", "a text without braces");
		return this.keyPrefix;
	}

	@Override
	public String toString() {
		return "ThreeScaleFleetProperties[mode=" + this.mode + ", keyPrefix=" + this.keyPrefix + "]";
	}

}
