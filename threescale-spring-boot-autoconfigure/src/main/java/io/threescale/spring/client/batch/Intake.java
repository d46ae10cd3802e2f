package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.batch.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Adds the usage of transactions to the buffer, and says what did not fit in. A response
 * code goes with the first metric of its transaction alone, as 3scale counts it once a
 * transaction.
 */
final class Intake {

	private final UsageBuffer buffer;

	private final DeadLetters deadLetters;

	private final Clock clock;

	Intake(UsageBuffer buffer, DeadLetters deadLetters, Clock clock) {
		this.buffer = buffer;
		this.deadLetters = deadLetters;
		this.clock = clock;
	}

	/**
	 * Take what can be added up and has room.
	 * @return what is to be reported at once, in its order
	 */
	List<Transaction> take(ReportRequest request) {
		List<Transaction> rest = List.of();
		for (Transaction transaction : request.transactions()) {
			Transaction left = take(transaction, request.flatUsage());
			if (left != null) {
				rest = rest.isEmpty() ? new ArrayList<>() : rest;
				rest.add(left);
			}
		}
		return rest;
	}

	/**
	 * Take a transaction, and return what has no room, or {@code null}.
	 */
	@Nullable Transaction take(Transaction transaction, boolean flatUsage) {
		Instant timestamp = transaction.timestamp();
		Instant time = (timestamp != null) ? timestamp : this.clock.instant();
		if (!transaction.usage().values().isEmpty()) {
			return transaction.at(time);
		}
		if (timestamp != null && this.deadLetters.isOutsideWindow(timestamp)) {
			this.deadLetters.bury(transaction, Reason.OUTSIDE_WINDOW, null);
			return null;
		}
		return add(transaction, time, flatUsage);
	}

	private @Nullable Transaction add(Transaction transaction, Instant time, boolean flatUsage) {
		ApplicationCredentials application = Identity.of(transaction.application());
		Integer code = transaction.responseCode();
		Integer codeLeft = null;
		Usage left = Usage.NONE;
		for (Map.Entry<String, Long> increment : transaction.usage().increments().entrySet()) {
			if (!add(application, Slot.of(increment.getKey(), time, code, flatUsage), increment.getValue())) {
				left = left.and(increment.getKey(), increment.getValue());
				codeLeft = (code != null) ? code : codeLeft;
			}
			code = null;
		}
		return left.isEmpty() ? null : new Transaction(application, left, time, codeLeft);
	}

	private boolean add(ApplicationCredentials application, Slot slot, long units) {
		boolean countsNothing = units == 0 && slot.responseCode() == 0;
		return countsNothing || this.buffer.add(application, slot, units);
	}

}
