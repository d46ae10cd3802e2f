package io.threescale.spring.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A service (an API, or product) of the sandbox: who may call it, and what is counted.
 *
 * @param mode what callers identify themselves with
 * @param tokens the service tokens that are valid for it
 * @param suspended whether every call is denied with {@code service_not_active}
 * @param referrerFiltersRequired whether the referrer filters of applications are checked
 * @param metrics the metrics; a service without any has {@code hits}
 * @param plans the plans by the names applications refer to
 * @param applications the applications
 * @since 0.1.0
 */
public record SandboxService(Mode mode, List<String> tokens, boolean suspended, boolean referrerFiltersRequired,
		List<SandboxMetric> metrics, Map<String, SandboxPlan> plans, List<SandboxApplication> applications) {

	private static final String NO_PLAN = "unlimited";

	public SandboxService(@Nullable Mode mode, @Nullable List<String> tokens, boolean suspended,
			boolean referrerFiltersRequired, @Nullable List<SandboxMetric> metrics,
			@Nullable Map<String, SandboxPlan> plans, @Nullable List<SandboxApplication> applications) {
		this.mode = (mode != null) ? mode : Mode.USER_KEY;
		this.tokens = Described.listOf(tokens);
		this.suspended = suspended;
		this.referrerFiltersRequired = referrerFiltersRequired;
		this.metrics = (metrics == null || metrics.isEmpty()) ? List.of(SandboxMetric.of("hits"))
				: List.copyOf(metrics);
		this.plans = Described.mapOf(plans);
		this.applications = Described.listOf(applications);
	}

	/**
	 * Describe a service whose callers send an API key.
	 * @param tokens the service tokens that are valid for it
	 * @return the service, without applications yet
	 */
	public static SandboxService userKey(String... tokens) {
		return of(Mode.USER_KEY, tokens);
	}

	/**
	 * Describe a service whose callers send an application id and key.
	 * @param tokens the service tokens that are valid for it
	 * @return the service, without applications yet
	 */
	public static SandboxService appId(String... tokens) {
		return of(Mode.APP_ID, tokens);
	}

	/**
	 * Describe a service whose callers are OpenID Connect clients.
	 * @param tokens the service tokens that are valid for it
	 * @return the service, without applications yet
	 */
	public static SandboxService oauth(String... tokens) {
		return of(Mode.OAUTH, tokens);
	}

	private static SandboxService of(Mode mode, String... tokens) {
		return new SandboxService(mode, List.of(tokens), false, false, null, null, null);
	}

	/**
	 * Replace the metrics.
	 * @param metrics the metrics, each with the methods below it
	 * @return a service with those metrics
	 */
	public SandboxService withMetrics(SandboxMetric... metrics) {
		return new SandboxService(this.mode, this.tokens, this.suspended, this.referrerFiltersRequired,
				List.of(metrics), this.plans, this.applications);
	}

	/**
	 * Delete a metric as the portal does: with the methods below it, and with their
	 * limits in all plans.
	 * @param name the system name of the metric or method
	 * @return a service without that metric
	 * @throws IllegalArgumentException if the service does not have it, or has no other
	 */
	public SandboxService withoutMetric(String name) {
		List<SandboxMetric> left = SandboxMetric.without(name, this.metrics);
		List<String> names = new MetricTree(left).names();
		if (left.equals(this.metrics) || left.isEmpty()) {
			throw new IllegalArgumentException("Cannot delete the metric '" + name
					+ "': name one the service has besides others, which are " + new MetricTree(this.metrics).names());
		}
		Map<String, SandboxPlan> plans = new LinkedHashMap<>();
		this.plans.forEach((key, plan) -> plans.put(key, plan.limiting(names)));
		return new SandboxService(this.mode, this.tokens, this.suspended, this.referrerFiltersRequired, left, plans,
				this.applications);
	}

	/**
	 * Add a plan, or replace the one of that name.
	 * @param name the name applications refer to
	 * @param limits the limits; none allows everything
	 * @return a service with that plan
	 */
	public SandboxService withPlan(String name, SandboxLimit... limits) {
		return withPlan(name, SandboxPlan.of(limits));
	}

	/**
	 * Add a plan, or replace the one of that name.
	 * @param name the name applications refer to
	 * @param plan the plan
	 * @return a service with that plan
	 */
	public SandboxService withPlan(String name, SandboxPlan plan) {
		return new SandboxService(this.mode, this.tokens, this.suspended, this.referrerFiltersRequired, this.metrics,
				Described.with(this.plans, name, plan), this.applications);
	}

	/**
	 * Add an application.
	 * @param application the application
	 * @return a service with that application
	 */
	public SandboxService withApplication(SandboxApplication application) {
		return new SandboxService(this.mode, this.tokens, this.suspended, this.referrerFiltersRequired, this.metrics,
				this.plans, Described.with(this.applications, application));
	}

	/**
	 * Change an application, for instance suspend it, put it on another plan or revoke
	 * its key.
	 * @param key the user key or the application id it has now
	 * @param change returns the changed application
	 * @return a service with the changed application
	 * @throws IllegalArgumentException if the service has no such application
	 */
	public SandboxService changeApplication(String key, UnaryOperator<SandboxApplication> change) {
		SandboxApplication known = application(key);
		return withApplications(this.applications.stream()
			.map((application) -> (application == known) ? change.apply(application) : application)
			.toList());
	}

	/**
	 * Delete an application.
	 * @param key the user key or the application id
	 * @return a service that does not know it
	 * @throws IllegalArgumentException if the service has no such application
	 */
	public SandboxService withoutApplication(String key) {
		SandboxApplication gone = application(key);
		return withApplications(this.applications.stream().filter((application) -> application != gone).toList());
	}

	/**
	 * Suspend the service.
	 * @return a service every call to which is denied
	 */
	public SandboxService suspend() {
		return suspended(true);
	}

	/**
	 * End the suspension of the service.
	 * @return a service that is active
	 */
	public SandboxService resume() {
		return suspended(false);
	}

	/**
	 * Check the referrer filters of applications that have some.
	 * @return a service that requires referrer filters
	 */
	public SandboxService requireReferrerFilters() {
		return new SandboxService(this.mode, this.tokens, this.suspended, true, this.metrics, this.plans,
				this.applications);
	}

	/**
	 * Return what callers of an application send, for people who try out.
	 * @param application the application
	 * @return such as {@code user-key demo}, or an application id and one of its keys
	 */
	public String callerOf(SandboxApplication application) {
		if (this.mode == Mode.USER_KEY) {
			return "user-key " + application.userKey();
		}
		List<String> keys = application.keys();
		return "app-id " + application.appId()
				+ ((keys.isEmpty() || this.mode == Mode.OAUTH) ? "" : " and app-key " + keys.get(0));
	}

	private SandboxService suspended(boolean suspended) {
		return new SandboxService(this.mode, this.tokens, suspended, this.referrerFiltersRequired, this.metrics,
				this.plans, this.applications);
	}

	private SandboxService withApplications(List<SandboxApplication> applications) {
		return new SandboxService(this.mode, this.tokens, this.suspended, this.referrerFiltersRequired, this.metrics,
				this.plans, applications);
	}

	private SandboxApplication application(String key) {
		return this.applications.stream()
			.filter((application) -> application.isNamed(key))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"The service has no such application: use a user key or an application id it describes"));
	}

	/**
	 * Find the plan an application is on.
	 */
	SandboxPlan planOf(SandboxApplication application) {
		String name = application.plan();
		if (name == null && this.plans.size() < 2) {
			name = this.plans.keySet().stream().findFirst().orElse(NO_PLAN);
		}
		SandboxPlan plan = this.plans.getOrDefault((name != null) ? name : "", SandboxPlan.of());
		return (plan.name() != null) ? plan : plan.named((name != null) ? name : NO_PLAN);
	}

	@Override
	public String toString() {
		return "SandboxService[mode=" + this.mode + ", tokens=" + this.tokens.size() + ", suspended=" + this.suspended
				+ ", metrics=" + this.metrics + ", plans=" + this.plans.keySet() + ", applications="
				+ this.applications.size() + "]";
	}

	/**
	 * What callers of a service identify themselves with.
	 *
	 * @since 0.1.0
	 */
	public enum Mode {

		/** An API key ({@code user_key}). */
		USER_KEY,

		/** An application id and, if the application has any, a key. */
		APP_ID,

		/** An application id a JSON Web Token was verified to belong to. */
		OAUTH

	}

}
