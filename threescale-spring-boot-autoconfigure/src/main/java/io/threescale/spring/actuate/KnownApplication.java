package io.threescale.spring.actuate;

import java.time.Instant;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import org.jspecify.annotations.Nullable;

/**
 * An application that 3scale was asked about lately.
 *
 * @param credentials what it has shown, which is secret
 * @param referrer where it called from, as 3scale was told, or {@code null}
 * @param status what 3scale told of it
 * @param at when
 */
record KnownApplication(ApplicationCredentials credentials, @Nullable String referrer, ApplicationStatus status,
		Instant at) {

}
