package io.threescale.spring.autoconfigure;

import java.util.Objects;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Credentials of an application: either a user key, or an ID and perhaps a key.
 *
 * @param userKey User key of the application.
 * @param appId ID of the application.
 * @param appKey Key of the application.
 * @since 0.1.0
 */
public record ThreeScaleApplicationProperties(@Nullable String userKey, @Nullable String appId,
		@Nullable String appKey) {

	public ThreeScaleApplicationProperties {
		userKey = textOrNull(userKey);
		appId = textOrNull(appId);
		appKey = textOrNull(appKey);
	}

	private static @Nullable String textOrNull(@Nullable String text) {
		return StringUtils.hasText(text) ? text : null;
	}

	/**
	 * Tell whether one application is named, in one way.
	 */
	boolean isNamed() {
		return (this.userKey != null) != (this.appId != null);
	}

	/**
	 * Return the credentials of the application that is named.
	 */
	ApplicationCredentials credentials() {
		return (this.userKey != null) ? ApplicationCredentials.userKey(this.userKey)
				: ApplicationCredentials.appId(Objects.requireNonNull(this.appId), this.appKey);
	}

	/**
	 * Return the credentials, or {@code null} if no application is named.
	 */
	@Nullable ApplicationCredentials credentials(String prefix) {
		boolean nothing = this.userKey == null && this.appId == null && this.appKey == null;
		InvalidThreeScaleConfigurationException.require(
				nothing || (isNamed() && (this.appId != null || this.appKey == null)), prefix,
				"either a 'user-key', or an 'app-id' and perhaps an 'app-key'");
		return nothing ? null : credentials();
	}

	@Override
	public String toString() {
		return "Application[" + (isNamed() ? credentials() : "") + "]";
	}

}
