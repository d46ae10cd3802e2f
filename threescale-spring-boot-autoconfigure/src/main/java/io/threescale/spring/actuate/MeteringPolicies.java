package io.threescale.spring.actuate;

import java.time.Duration;

import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.FailurePolicy;

/**
 * How calls are metered, as operators see it.
 *
 * @param mode the mode, in words
 * @param failurePolicy what happens to calls when 3scale cannot be asked
 * @param enforcement what becomes of calls that are denied
 * @param lastKnownFor how long an outage is bridged under
 * {@link FailurePolicy#LAST_KNOWN}
 * @since 0.1.0
 */
public record MeteringPolicies(String mode, FailurePolicy failurePolicy, Enforcement enforcement,
		Duration lastKnownFor) {

}
