package io.threescale.spring;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Usage to be reported for an application. 3scale looks at transactions only after it has
 * accepted a report: one it does not like voids all others of the same request
 * ({@code protocol.md} 6.3).
 *
 * @param application whose usage it is; only the id or user key is sent
 * @param usage what was used
 * @param timestamp when, at most 24 hours ago, or {@code null} for the time at which
 * 3scale handles the report
 * @param responseCode the HTTP status the protected API answered, or {@code null} if it
 * is not to be counted
 * @since 0.1.0
 */
public record Transaction(ApplicationCredentials application, Usage usage, @Nullable Instant timestamp,
		@Nullable Integer responseCode) {

	public Transaction {
		Objects.requireNonNull(application, "'application' must not be null");
		Objects.requireNonNull(usage, "'usage' must not be null");
		if (responseCode != null && (responseCode < 100 || responseCode > 999)) {
			throw new IllegalArgumentException("A response code has three digits, unlike " + responseCode);
		}
	}

	/**
	 * Create a transaction that happens when 3scale handles it.
	 * @param application whose usage it is
	 * @param usage what was used
	 * @return the transaction
	 */
	public static Transaction of(ApplicationCredentials application, Usage usage) {
		return new Transaction(application, usage, null, null);
	}

	/**
	 * Say when the usage happened.
	 * @param timestamp the time, at most 24 hours ago
	 * @return a transaction of that time
	 */
	public Transaction at(Instant timestamp) {
		return new Transaction(this.application, this.usage, timestamp, this.responseCode);
	}

	/**
	 * Say what the protected API answered.
	 * @param responseCode the HTTP status
	 * @return a transaction with that status
	 */
	public Transaction withResponseCode(int responseCode) {
		return new Transaction(this.application, this.usage, this.timestamp, responseCode);
	}

}
