package io.threescale.spring.credentials;

import org.jetbrains.annotations.ApiStatus;

import org.springframework.util.Assert;

/**
 * What the values are called in a {@link CredentialsPlace}.
 *
 * @param userKey the name of the user key
 * @param appId the name of the application id
 * @param appKey the name of the application key
 * @since 0.1.0
 */
@ApiStatus.Internal
public record CredentialsNames(String userKey, String appId, String appKey) {

	/** The names 3scale's gateway uses for parameters and cookies. */
	public static final CredentialsNames PARAMETERS = new CredentialsNames("user_key", "app_id", "app_key");

	/** The names 3scale's gateway uses for headers. */
	public static final CredentialsNames HEADERS = new CredentialsNames("user-key", "app-id", "app-key");

	public CredentialsNames {
		Assert.hasText(userKey, "'userKey' must not be empty");
		Assert.hasText(appId, "'appId' must not be empty");
		Assert.hasText(appKey, "'appKey' must not be empty");
	}

}
