package io.threescale.spring.metering;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

/**
 * Tells that an application was denied for the first time in a period of a limit, as it
 * would exceed that.
 *
 * @since 0.1.0
 */
public final class ApplicationDeniedEvent extends LimitEvent {

	/**
	 * Create an event.
	 * @param source who publishes it
	 * @param service the service
	 * @param applicationName the name of the application
	 * @param application the identity of the application
	 * @param plan the plan, or {@code null}
	 * @param limit the limit
	 */
	public ApplicationDeniedEvent(Object source, String service, String applicationName,
			ApplicationCredentials application, @Nullable String plan, UsageReport limit) {
		super(source, service, applicationName, application, plan, limit);
	}

}
