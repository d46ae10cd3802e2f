package io.threescale.spring.client.reporting.spool;

import java.time.Instant;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

/**
 * Usage as a spool keeps it.
 *
 * @param id what it is called in the spool
 * @param application whose usage it is, without the application's key, and secret all the
 * same
 * @param metric the system name of the metric
 * @param units how much
 * @param minute the minute in which it was used
 * @param responseCode what the protected API answered, or {@code null} if that is not to
 * be counted
 * @param flatUsage whether 3scale is not to add it to the metric's ancestors
 * @param since when the first of it was taken in
 * @param knownAt when 3scale knew the application, or {@code null} if that is too long
 * ago
 * @param sending whether it was about to be sent. If so after a restart, nobody knows
 * whether it was counted
 * @since 0.1.0
 */
public record SpooledUsage(long id, ApplicationCredentials application, String metric, long units, Instant minute,
		@Nullable Integer responseCode, boolean flatUsage, Instant since, @Nullable Instant knownAt, boolean sending) {

	/**
	 * Call the same usage something else.
	 * @param id the new id
	 * @return the usage
	 */
	public SpooledUsage withId(long id) {
		return new SpooledUsage(id, this.application, this.metric, this.units, this.minute, this.responseCode,
				this.flatUsage, this.since, this.knownAt, this.sending);
	}

}
