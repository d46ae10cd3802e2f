package io.threescale.spring.metering;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

/**
 * Tells that an application has used a share of a limit: once for each share and period,
 * as far as it is remembered of the last 10,000 limits that were reached. Several
 * instances tell it each.
 *
 * @since 0.1.0
 */
public final class LimitShareReachedEvent extends LimitEvent {

	private final double share;

	/**
	 * Create an event.
	 * @param source who publishes it
	 * @param service the service
	 * @param applicationName the name of the application
	 * @param application the identity of the application
	 * @param plan the plan, or {@code null}
	 * @param limit the limit
	 * @param share the share
	 */
	public LimitShareReachedEvent(Object source, String service, String applicationName,
			ApplicationCredentials application, @Nullable String plan, UsageReport limit, double share) {
		super(source, service, applicationName, application, plan, limit);
		this.share = share;
	}

	/**
	 * Return the share that is reached.
	 * @return one of {@code threescale.events.limit-shares}
	 */
	public double share() {
		return this.share;
	}

}
