package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Period;

import org.jspecify.annotations.Nullable;

/**
 * What has happened since the last reset: requests, counted transactions, counters and
 * integration errors.
 */
final class Ledger {

	// A sandbox may run for days, next to the application that is tried out.
	private static final int MAX_TRANSACTIONS = 100_000;

	// As many as the backend keeps.
	private static final int MAX_ERRORS = 1_000;

	private final Counters counters = new Counters();

	private final Deque<CountedTransaction> transactions = new ArrayDeque<>();

	private final Deque<IntegrationError> errors = new ArrayDeque<>();

	private final List<IntegrationError> newErrors = new ArrayList<>();

	private final Map<SandboxOperation, Integer> requests = new EnumMap<>(SandboxOperation.class);

	BigInteger value(String service, SandboxApplication application, String metric, Period period, Instant time) {
		return this.counters.value(service, application.id(), metric, period, time);
	}

	void count(SandboxOperation operation, String service, SandboxApplication application, RequestedUsage usage,
			Instant time, @Nullable String logCode) {
		this.counters.count(service, application.id(), usage.counted(), time);
		addLatest(this.transactions, MAX_TRANSACTIONS,
				new CountedTransaction(operation, service, application.id(), usage.amounts(), time, logCode));
	}

	private static <T> void addLatest(Deque<T> entries, int max, T entry) {
		if (entries.size() == max) {
			entries.removeFirst();
		}
		entries.addLast(entry);
	}

	void prune(Instant now) {
		this.counters.prune(now);
	}

	int counters() {
		return this.counters.size();
	}

	void request(SandboxOperation operation) {
		this.requests.merge(operation, 1, Integer::sum);
	}

	void error(String service, Refusal refusal) {
		IntegrationError error = new IntegrationError(service, refusal.code(), refusal.text());
		addLatest(this.errors, MAX_ERRORS, error);
		this.newErrors.add(error);
	}

	/** The errors since it was last asked for them. */
	List<IntegrationError> takeNewErrors() {
		List<IntegrationError> taken = List.copyOf(this.newErrors);
		this.newErrors.clear();
		return taken;
	}

	int requests(SandboxOperation operation) {
		return this.requests.getOrDefault(operation, 0);
	}

	Map<String, Integer> requestsByOperation() {
		Map<String, Integer> requests = new LinkedHashMap<>();
		this.requests.forEach((operation, count) -> requests.put(operation.word(), count));
		return requests;
	}

	int requests() {
		return this.requests.values().stream().mapToInt(Integer::intValue).sum();
	}

	List<CountedTransaction> transactions() {
		return List.copyOf(this.transactions);
	}

	List<IntegrationError> errors() {
		return List.copyOf(this.errors);
	}

	void clear() {
		this.counters.clear();
		this.transactions.clear();
		this.errors.clear();
		this.requests.clear();
	}

}
