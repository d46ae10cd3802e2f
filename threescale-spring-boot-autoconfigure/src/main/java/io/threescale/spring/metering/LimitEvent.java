package io.threescale.spring.metering;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Tells of a limit of an application.
 */
abstract class LimitEvent extends ApplicationEvent {

	private final String service;

	private final String applicationName;

	private final transient ApplicationCredentials application;

	private final @Nullable String plan;

	private final transient UsageReport limit;

	/**
	 * Create an event.
	 * @param source who publishes it
	 * @param service the service
	 * @param applicationName the name of the application
	 * @param application the identity of the application
	 * @param plan the plan, or {@code null}
	 * @param limit the limit
	 */
	LimitEvent(Object source, String service, String applicationName, ApplicationCredentials application,
			@Nullable String plan, UsageReport limit) {
		super(source);
		this.service = service;
		this.applicationName = applicationName;
		this.application = application;
		this.plan = plan;
		this.limit = limit;
	}

	/**
	 * Return the service that was called.
	 * @return its id
	 */
	public String service() {
		return this.service;
	}

	/**
	 * Return the name of the application, which is no secret.
	 * @return its id, or a hash of its user key, as {@link ApplicationNames} makes it
	 */
	public String applicationName() {
		return this.applicationName;
	}

	/**
	 * Return what 3scale knows the application by.
	 * @return its identity, which may be a user key, a secret
	 */
	public ApplicationCredentials application() {
		return this.application;
	}

	/**
	 * Return the plan of the application.
	 * @return its name, or {@code null} if it is not known
	 */
	public @Nullable String plan() {
		return this.plan;
	}

	/**
	 * Return the limit, and how much of it is used.
	 * @return the limit of the current period
	 */
	public UsageReport limit() {
		return this.limit;
	}

}
