package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Period;

import org.jspecify.annotations.Nullable;

/**
 * What has happened since the last reset: requests, counted transactions, counters and
 * integration errors.
 */
final class Ledger {

	private final Counters counters = new Counters();

	private final List<CountedTransaction> transactions = new ArrayList<>();

	private final List<IntegrationError> errors = new ArrayList<>();

	private final Map<SandboxOperation, Integer> requests = new EnumMap<>(SandboxOperation.class);

	BigInteger value(String service, SandboxApplication application, String metric, Period period, Instant time) {
		return this.counters.value(service, application.id(), metric, period, time);
	}

	void count(SandboxOperation operation, String service, SandboxApplication application, RequestedUsage usage,
			Instant time, @Nullable String logCode) {
		this.counters.count(service, application.id(), usage.counted(), time);
		this.transactions
			.add(new CountedTransaction(operation, service, application.id(), usage.amounts(), time, logCode));
	}

	void request(SandboxOperation operation) {
		this.requests.merge(operation, 1, Integer::sum);
	}

	void error(String service, Refusal refusal) {
		this.errors.add(new IntegrationError(service, refusal.code(), refusal.text()));
	}

	int requests(SandboxOperation operation) {
		return this.requests.getOrDefault(operation, 0);
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
