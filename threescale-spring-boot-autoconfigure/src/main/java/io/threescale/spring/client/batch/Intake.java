package io.threescale.spring.client.batch;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.batch.DeadLetter.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Adds the usage of transactions to the buffer, and says which did not fit in. A response
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
	 * Take a transaction, all of it or nothing, and return it if there is no room, or
	 * {@code null}.
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
		return add(transaction, time, flatUsage) ? null : transaction.at(time);
	}

	private boolean add(Transaction transaction, Instant time, boolean flatUsage) {
		ApplicationCredentials application = Identity.of(transaction.application());
		Map<String, Long> increments = transaction.usage().increments();
		Integer code = transaction.responseCode();
		if (increments.size() != 1) {
			return addAll(application, slots(increments, time, code, flatUsage));
		}
		Map.Entry<String, Long> increment = increments.entrySet().iterator().next();
		Slot slot = Slot.of(increment.getKey(), time, code, flatUsage);
		return countsNothing(slot, increment.getValue()) || this.buffer.add(application, slot, increment.getValue());
	}

	private boolean addAll(ApplicationCredentials application, Map<Slot, Long> usage) {
		return usage.isEmpty() || this.buffer.addAll(application, usage);
	}

	private static Map<Slot, Long> slots(Map<String, Long> increments, Instant time, @Nullable Integer code,
			boolean flatUsage) {
		Map<Slot, Long> usage = new LinkedHashMap<>();
		Integer codeOfFirst = code;
		for (Map.Entry<String, Long> increment : increments.entrySet()) {
			Slot slot = Slot.of(increment.getKey(), time, codeOfFirst, flatUsage);
			if (!countsNothing(slot, increment.getValue())) {
				usage.put(slot, increment.getValue());
			}
			codeOfFirst = null;
		}
		return usage;
	}

	private static boolean countsNothing(Slot slot, long units) {
		return units == 0 && slot.responseCode() == 0;
	}

}
