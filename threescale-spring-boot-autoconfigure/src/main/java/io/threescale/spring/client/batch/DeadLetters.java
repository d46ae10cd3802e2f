package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.batch.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Takes what 3scale will never take, and knows how old or new that is.
 */
final class DeadLetters {

	/** 3scale takes 24 hours; the rest is for its queue and for clocks that differ. */
	private static final Duration MAX_AGE = Duration.ofHours(23);

	/** 3scale takes an hour. */
	private static final Duration MAX_LEAD = Duration.ofMinutes(55);

	private final List<DeadLetterListener> listeners;

	private final Tally tally;

	private final QuietLog log;

	private final Clock clock;

	DeadLetters(List<DeadLetterListener> listeners, Tally tally, QuietLog log, Clock clock) {
		this.listeners = List.copyOf(listeners);
		this.tally = tally;
		this.log = log;
		this.clock = clock;
	}

	boolean isOutsideWindow(Instant time) {
		Instant now = this.clock.instant();
		return time.isBefore(now.minus(MAX_AGE)) || time.isAfter(now.plus(MAX_LEAD));
	}

	void bury(Transaction transaction, Reason reason, @Nullable ErrorCode code) {
		this.tally.buried();
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
