package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.spool.UsageSpool;

/**
 * A batching client over a scripted 3scale, in a time of its own.
 */
final class Fixture {

	static final Duration INTERVAL = Duration.ofSeconds(10);

	final ManualTime time = new ManualTime();

	final ScriptedClient backend = new ScriptedClient();

	final List<DeadLetter> deadLetters = new ArrayList<>();

	final BatchingThreeScaleClient client;

	/** Is told before anybody else. */
	DeadLetterListener listener = (letter) -> {
	};

	Fixture() {
		this(settings(500, AmbiguousPolicy.DROP), 100_000, UsageSpool.none());
	}

	Fixture(BatchingSettings settings, int maxCounters, UsageSpool spool) {
		this.client = new BatchingThreeScaleClient(this.backend, settings, new CounterLimit(maxCounters), spool,
				this.time, this.time, this.time::ticks,
				List.of((letter) -> this.listener.onDeadLetter(letter), this.deadLetters::add), () -> Long.MIN_VALUE);
	}

	static BatchingSettings settings(int batchSize, AmbiguousPolicy onAmbiguous) {
		return new BatchingSettings(INTERVAL, batchSize, 1_000_000, onAmbiguous, Duration.ofSeconds(1),
				Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofSeconds(2), 100_000, Duration.ofMillis(100));
	}

	Fixture started() {
		this.client.start();
		return this;
	}

	void know(String... userKeys) {
		for (String key : userKeys) {
			this.client.authorize(ApplicationCredentials.userKey(key), Usage.HIT).block();
		}
	}

	void hit(String userKey) {
		hit(userKey, 1);
	}

	void hit(String userKey, long units) {
		report(Transaction.of(ApplicationCredentials.userKey(userKey), Usage.of("hits", units)));
	}

	/** Use something that shares no request with what is used otherwise. */
	void hitApart(String userKey, long units) {
		Transaction hit = Transaction.of(ApplicationCredentials.userKey(userKey), Usage.of("hits", units));
		this.client.report(new ReportRequest(List.of(hit), true)).block();
	}

	void report(Transaction... transactions) {
		this.client.report(transactions).block();
	}

	/** Stop with five seconds to go, which take no time. */
	void stop() {
		this.time.flow();
		this.client.stop(Duration.ofSeconds(5));
	}

	BatchingStatistics statistics() {
		return this.client.statistics();
	}

}
