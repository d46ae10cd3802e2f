package io.threescale.spring.client.reporting;

import java.util.List;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.reporting.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Takes what 3scale will never take.
 *
 * @param listeners are told of it
 * @param statistics count it
 * @param log tells of it, once a minute
 */
record DeadLetters(List<DeadLetterListener> listeners, BatchingStatistics statistics, QuietLog log) {

	/**
	 * Count, log and pass on what is given up.
	 */
	void add(Transaction transaction, Reason reason, @Nullable ErrorCode code) {
		this.statistics.countDeadLetter();
		this.log.error("dead " + reason + code, () -> "Usage " + transaction.usage().increments() + " of "
				+ transaction.timestamp() + " is given up, as "
				+ ((reason == Reason.REJECTED) ? "3scale rejects it: " + code : "3scale takes it within 24 hours only")
				+ ". More of the kind within a minute are counted but not logged");
		DeadLetter letter = new DeadLetter(transaction, reason, code);
		this.listeners.forEach((listener) -> tell(listener, letter));
	}

	private void tell(DeadLetterListener listener, DeadLetter letter) {
		try {
			listener.onDeadLetter(letter);
		}
		catch (Throwable ex) {
			this.log.error("listener", () -> "A DeadLetterListener has failed", ex);
		}
	}

}
