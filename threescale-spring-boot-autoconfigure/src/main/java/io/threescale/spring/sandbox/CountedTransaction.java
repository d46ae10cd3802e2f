package io.threescale.spring.sandbox;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the sandbox counted for one authrep, or for one transaction of a report.
 *
 * @param operation the operation that brought it
 * @param service the id of the service
 * @param application the application's id, or its user key where it has no id
 * @param usage the amounts by metric as they were sent, without what parents get added
 * @param timestamp the time it was counted for
 * @param logCode the {@code log[code]} that came along, if any
 * @since 0.1.0
 */
public record CountedTransaction(SandboxOperation operation, String service, String application,
		Map<String, Long> usage, Instant timestamp, @Nullable String logCode) {

	public CountedTransaction {
		usage = Map.copyOf(usage);
	}

	/** Leaves out the application, which may be a key. */
	@Override
	public String toString() {
		return "CountedTransaction[operation=" + this.operation + ", service=" + this.service + ", usage=" + this.usage
				+ ", timestamp=" + this.timestamp + ", logCode=" + this.logCode + "]";
	}

}
