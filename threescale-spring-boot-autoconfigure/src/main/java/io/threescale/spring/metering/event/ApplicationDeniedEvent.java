package io.threescale.spring.metering.event;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.UsageReport;
import io.threescale.spring.metering.ApplicationNames;
import org.jspecify.annotations.Nullable;

/**
 * Tells that an application was denied for the first time in a period of a limit, as it
 * would exceed that.
 *
 * @param service the id of the service that was called
 * @param applicationName the name of the application, which is no secret: its id, or a
 * hash of its user key, as {@link ApplicationNames} makes it
 * @param application what 3scale knows the application by, which may be a user key, a
 * secret
 * @param plan the name of the plan, or {@code null} if it is not known
 * @param limit the limit of the current period, and how much of it is used
 * @since 0.1.0
 */
public record ApplicationDeniedEvent(String service, String applicationName, ApplicationCredentials application,
		@Nullable String plan, UsageReport limit) {

}
