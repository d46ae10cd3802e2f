package io.threescale.spring.client.reporting;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.KillCounters.Counter;
import io.threescale.spring.client.reporting.spool.FullDisk;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The process that is killed: takes calls under load, and reports them with a spool.
 * Given anything as fourth argument it only delivers what the others have left.
 */
final class KillChild {

	/** How long the disk is full, and then not, if it is to be full now and then. */
	static final Duration FULL_FOR = Duration.ofMillis(150);

	private static final boolean FILLING = Boolean.getBoolean("full.disk");

	private static final int BURST = 50;

	private static final int APPLICATIONS = 20;

	private KillChild() {
	}

	public static void main(String[] args) throws Exception {
		KillCounters counters = new KillCounters(Path.of(args[2]));
		BatchingThreeScaleClient client = client(args);
		client.start();
		counters.add(Counter.AMBIGUOUS, client.statistics().ambiguousUnits());
		counters.add(Counter.INHERITED, client.statistics().pendingUnits());
		if (args.length > 3) {
			client.stop(Duration.ofSeconds(20));
			System.exit((client.statistics().pendingCounters() == 0) ? 0 : 1);
		}
		if (FILLING) {
			Thread filling = new Thread(KillChild::fillTheDisk);
			filling.setDaemon(true);
			filling.start();
		}
		counters.add(Counter.RUNNING, 1);
		take(client, counters, client.statistics().ambiguousUnits());
	}

	/** Half of the time there is no room. */
	private static void fillTheDisk() {
		for (boolean full = false;; full = !full) {
			FullDisk.full(full);
			LockSupport.parkNanos(FULL_FOR.toNanos());
		}
	}

	private static BatchingThreeScaleClient client(String[] args) {
		ReactiveThreeScaleClient http = ReactiveThreeScaleClient.builder(ServiceCredentials.serviceToken("1", "token"))
			.baseUrl(URI.create("http://127.0.0.1:" + args[0]))
			.buildReactive();
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setDaemon(true);
		scheduler.setPoolSize(2);
		scheduler.initialize();
		BatchingSettings settings = new BatchingSettings(Duration.ofMillis(200), 500, 100_000, AmbiguousPolicy.DROP,
				Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofSeconds(2), 100_000,
				Duration.ofMillis(100));
		return new BatchingThreeScaleClient(http, settings, new CounterLimit(100_000),
				FILLING ? FullDisk.spool(Path.of(args[1])) : MvStoreUsageSpool.open(Path.of(args[1])), scheduler,
				Clock.systemUTC(), List.of());
	}

	private static void take(BatchingThreeScaleClient client, KillCounters counters, long inherited) {
		long ambiguous = inherited;
		for (long call = 0;; call++) {
			counters.add(Counter.STARTED, 1);
			client.report(Transaction.of(ApplicationCredentials.userKey("key" + call % APPLICATIONS), Usage.HIT))
				.block();
			counters.add(Counter.ACKNOWLEDGED, 1);
			if (call % BURST == 0) {
				long now = client.statistics().ambiguousUnits();
				counters.add(Counter.AMBIGUOUS, now - ambiguous);
				ambiguous = now;
				LockSupport.parkNanos(2_000_000);
			}
		}
	}

}
