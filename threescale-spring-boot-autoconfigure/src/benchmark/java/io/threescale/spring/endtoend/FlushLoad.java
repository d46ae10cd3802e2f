package io.threescale.spring.endtoend;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.CounterLimit;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Measures how long it takes to report 100,000 counters, each of another application,
 * to a backend that accepts everything at once.
 */
final class FlushLoad {

	private static final int APPLICATIONS = 100_000;

	private static final int TIMES = 6;

	private FlushLoad() {
	}

	public static void main(String[] args) {
		AtomicInteger requests = new AtomicInteger();
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> request.receive().aggregate().then(Mono.defer(() -> {
				requests.incrementAndGet();
				return response.status(202).header("Content-Length", "0").send();
			})))
			.bindNow();
		try {
			for (int i = 0; i < TIMES; i++) {
				flush(URI.create("http://127.0.0.1:" + server.port()), requests);
			}
		}
		finally {
			server.disposeNow();
		}
	}

	private static void flush(URI uri, AtomicInteger requests) {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setDaemon(true);
		scheduler.initialize();
		Gate gate = new Gate(ReactiveThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "token"))
			.baseUrl(uri)
			.buildReactive());
		BatchingSettings defaults = BatchingSettings.defaults();
		BatchingSettings settings = new BatchingSettings(Duration.ofHours(1), defaults.batchSize(),
				defaults.flushUnits(), defaults.onAmbiguous(), Duration.ofHours(1), Duration.ofHours(1),
				defaults.knownFor(), defaults.settleTime(), APPLICATIONS, defaults.spoolInterval());
		BatchingThreeScaleClient client = new BatchingThreeScaleClient(gate, settings, new CounterLimit(APPLICATIONS),
				UsageSpool.none(), scheduler, Clock.systemUTC(), List.of());
		client.start();
		try {
			long start = System.nanoTime();
			for (int i = 0; i < APPLICATIONS; i++) {
				ApplicationCredentials application = ApplicationCredentials.userKey("key-of-application-" + i);
				client.authorize(AuthorizationRequest.of(application)).block();
				client.report(ReportRequest.of(List.of(Transaction.of(application, Usage.of("hits"))))).block();
			}
			int pending = client.statistics().pendingCounters();
			long filled = System.nanoTime();
			int before = requests.get();
			gate.open = true;
			client.flush().block();
			long flushed = System.nanoTime();
			System.out.printf("filled %,d counters in %,d ms, flushed in %,d ms by %,d requests, %,d left%n", pending,
					(filled - start) / 1_000_000, (flushed - filled) / 1_000_000, requests.get() - before,
					client.statistics().pendingCounters());
		}
		finally {
			client.close();
			scheduler.shutdown();
		}
	}

	/**
	 * Knows every application, and takes no usage before it is opened.
	 */
	private static final class Gate implements ReactiveThreeScaleClient {

		private final ReactiveThreeScaleClient client;

		private volatile boolean open;

		Gate(ReactiveThreeScaleClient client) {
			this.client = client;
		}

		@Override
		public Mono<Authorization> authorize(AuthorizationRequest request) {
			return Mono.just(new Authorization.Granted(ApplicationStatus.UNKNOWN));
		}

		@Override
		public Mono<Authorization> authRep(AuthorizationRequest request) {
			return authorize(request);
		}

		@Override
		public Mono<Void> report(ReportRequest request) {
			return this.open ? this.client.report(request)
					: Mono.error(new ThreeScaleUnavailableException("Closed", false, null));
		}

		@Override
		public void close() {
			this.client.close();
		}

	}

}
