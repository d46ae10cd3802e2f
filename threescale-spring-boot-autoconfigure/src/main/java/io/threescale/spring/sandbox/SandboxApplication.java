package io.threescale.spring.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An application of a sandbox service: who calls, and on which plan.
 *
 * @param userKey the API key, for services of mode {@code user-key}
 * @param appId the application id; without one the user key stands for it
 * @param keys the application keys, of which a caller has to send one
 * @param plan the plan as the service knows it, or {@code null} for its only plan
 * @param suspended whether every call is denied with {@code application_not_active}
 * @param referrerFilters the referrers to accept, with {@code *} for any text
 * @param redirectUrl the redirect URL the {@code oauth_*} calls compare
 * @since 0.1.0
 */
public record SandboxApplication(@Nullable String userKey, @Nullable String appId, List<String> keys,
		@Nullable String plan, boolean suspended, List<String> referrerFilters, @Nullable String redirectUrl) {

	public SandboxApplication(@Nullable String userKey, @Nullable String appId, @Nullable List<String> keys,
			@Nullable String plan, boolean suspended, @Nullable List<String> referrerFilters,
			@Nullable String redirectUrl) {
		if (userKey == null && appId == null) {
			throw new IllegalArgumentException(
					"A sandbox application needs a 'user-key' or an 'app-id', or nobody could call as it");
		}
		this.userKey = userKey;
		this.appId = appId;
		this.keys = Described.listOf(keys);
		this.plan = plan;
		this.suspended = suspended;
		this.referrerFilters = Described.listOf(referrerFilters);
		this.redirectUrl = redirectUrl;
	}

	/**
	 * Describe an application that calls with an API key.
	 * @param userKey the API key
	 * @return the application
	 */
	public static SandboxApplication userKey(String userKey) {
		return new SandboxApplication(userKey, null, null, null, false, null, null);
	}

	/**
	 * Describe an application that calls with an id and, if it has any, one of its keys.
	 * @param appId the application id
	 * @param keys the application keys
	 * @return the application
	 */
	public static SandboxApplication appId(String appId, String... keys) {
		return new SandboxApplication(null, appId, List.of(keys), null, false, null, null);
	}

	/**
	 * Give the application an API key next to its id.
	 * @param userKey the API key
	 * @return an application with that key
	 */
	public SandboxApplication withUserKey(String userKey) {
		return new SandboxApplication(userKey, this.appId, this.keys, this.plan, this.suspended, this.referrerFilters,
				this.redirectUrl);
	}

	/**
	 * Give the application an id next to its API key.
	 * @param appId the application id
	 * @return an application with that id
	 */
	public SandboxApplication withAppId(String appId) {
		return new SandboxApplication(this.userKey, appId, this.keys, this.plan, this.suspended, this.referrerFilters,
				this.redirectUrl);
	}

	/**
	 * Replace the application keys. A caller with a key that is gone is denied.
	 * @param keys the application keys, of which a caller has to send one
	 * @return an application with those keys
	 */
	public SandboxApplication withKeys(String... keys) {
		return new SandboxApplication(this.userKey, this.appId, List.of(keys), this.plan, this.suspended,
				this.referrerFilters, this.redirectUrl);
	}

	/**
	 * Put the application on a plan.
	 * @param plan the plan as the service knows it
	 * @return an application on that plan
	 */
	public SandboxApplication onPlan(String plan) {
		return new SandboxApplication(this.userKey, this.appId, this.keys, plan, this.suspended, this.referrerFilters,
				this.redirectUrl);
	}

	/**
	 * Suspend the application.
	 * @return an application every call of which is denied
	 */
	public SandboxApplication suspend() {
		return suspended(true);
	}

	/**
	 * End the suspension of the application.
	 * @return an application that is active
	 */
	public SandboxApplication resume() {
		return suspended(false);
	}

	private SandboxApplication suspended(boolean suspended) {
		return new SandboxApplication(this.userKey, this.appId, this.keys, this.plan, suspended, this.referrerFilters,
				this.redirectUrl);
	}

	/** Tell whether a user key or an application id names this application. */
	boolean isNamed(String key) {
		return key.equals(this.userKey) || key.equals(this.appId);
	}

	/**
	 * Accept only some referrers, if the service requires referrer filters.
	 * @param filters the referrers to accept, with {@code *} for any text
	 * @return an application with those filters
	 */
	public SandboxApplication withReferrerFilters(String... filters) {
		return new SandboxApplication(this.userKey, this.appId, this.keys, this.plan, this.suspended, List.of(filters),
				this.redirectUrl);
	}

	/**
	 * Register a redirect URL.
	 * @param redirectUrl the URL the {@code oauth_*} calls compare
	 * @return an application with that URL
	 */
	public SandboxApplication withRedirectUrl(String redirectUrl) {
		return new SandboxApplication(this.userKey, this.appId, this.keys, this.plan, this.suspended,
				this.referrerFilters, redirectUrl);
	}

	/**
	 * Return the id the application is counted by.
	 * @return the application id, or the user key where there is none
	 */
	public String id() {
		return (this.appId != null) ? this.appId : String.valueOf(this.userKey);
	}

	@Override
	public String toString() {
		return "SandboxApplication[appId=" + this.appId + ", keys=" + this.keys.size() + ", plan=" + this.plan
				+ ", suspended=" + this.suspended + "]";
	}

}
