package io.threescale.spring.client;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What is asked of 3scale about one call of one application ({@code protocol.md} 2.2).
 *
 * @param application who calls
 * @param usage what the call uses
 * @param referrer the domain or address the call comes from, or {@code null}. Do not pass
 * on a caller's {@code *}: it opens every filter
 * @param redirectUri the redirect URI to be checked by the OAuth endpoints, or
 * {@code null}
 * @param responseCode the HTTP status the protected API answers, or {@code null} if it is
 * not to be counted; only authrep counts it
 * @param extensions what else is asked for
 * @param parameters further parameters, for what this version does not know
 * @since 0.1.0
 */
public record AuthorizationRequest(ApplicationCredentials application, Usage usage, @Nullable String referrer,
		@Nullable String redirectUri, @Nullable Integer responseCode, Set<Extension> extensions,
		Map<String, String> parameters) {

	public AuthorizationRequest {
		Objects.requireNonNull(application, "'application' must not be null");
		Objects.requireNonNull(usage, "'usage' must not be null");
		Assert.isTrue(responseCode == null || (responseCode >= 100 && responseCode <= 999),
				"'responseCode' must have three digits");
		extensions = Set.copyOf(extensions);
		parameters = Map.copyOf(parameters);
		Parameters.requireUnreserved(parameters.keySet());
	}

	/**
	 * Create a request about {@linkplain Usage#HIT one hit}.
	 * @param application who calls
	 * @return the request
	 */
	public static AuthorizationRequest of(ApplicationCredentials application) {
		return of(application, Usage.HIT);
	}

	/**
	 * Create a request.
	 * @param application who calls
	 * @param usage what the call uses
	 * @return the request
	 */
	public static AuthorizationRequest of(ApplicationCredentials application, Usage usage) {
		return new AuthorizationRequest(application, usage, null, null, null, Set.of(), Map.of());
	}

	/**
	 * Say where the call comes from.
	 * @param referrer a domain or address, or {@code null}
	 * @return a request with that referrer
	 */
	public AuthorizationRequest withReferrer(@Nullable String referrer) {
		return new AuthorizationRequest(this.application, this.usage, referrer, this.redirectUri, this.responseCode,
				this.extensions, this.parameters);
	}

	/**
	 * Have the redirect URI of an OAuth client checked.
	 * @param redirectUri the URI
	 * @return a request with that URI
	 */
	public AuthorizationRequest withRedirectUri(String redirectUri) {
		return new AuthorizationRequest(this.application, this.usage, this.referrer, redirectUri, this.responseCode,
				this.extensions, this.parameters);
	}

	/**
	 * Say what the protected API answers.
	 * @param responseCode the HTTP status
	 * @return a request with that status
	 */
	public AuthorizationRequest withResponseCode(int responseCode) {
		return new AuthorizationRequest(this.application, this.usage, this.referrer, this.redirectUri, responseCode,
				this.extensions, this.parameters);
	}

	/**
	 * Ask for more.
	 * @param extensions what else is asked for
	 * @return a request with these extensions and those it has already
	 */
	public AuthorizationRequest with(Extension... extensions) {
		Set<Extension> all = EnumSet.noneOf(Extension.class);
		all.addAll(this.extensions);
		all.addAll(Arrays.asList(extensions));
		return new AuthorizationRequest(this.application, this.usage, this.referrer, this.redirectUri,
				this.responseCode, all, this.parameters);
	}

	/**
	 * Add a parameter this version does not know.
	 * @param name the name; one that has a place of its own here is refused
	 * @param value the value
	 * @return a request with that parameter
	 */
	public AuthorizationRequest withParameter(String name, String value) {
		Map<String, String> all = new LinkedHashMap<>(this.parameters);
		all.put(name, value);
		return new AuthorizationRequest(this.application, this.usage, this.referrer, this.redirectUri,
				this.responseCode, this.extensions, all);
	}

	@Override
	public String toString() {
		return "AuthorizationRequest[application=" + this.application + ", usage=" + this.usage + ", extensions="
				+ this.extensions + "]";
	}

}
