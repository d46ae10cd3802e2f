package io.threescale.spring.test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Period;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.Patience;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ThreeScaleSandboxAssertTests {

	private static final ApplicationCredentials APP = ApplicationCredentials.userKey("app-1");

	private final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(SandboxWorld.of("1001",
			SandboxService.userKey("token")
				.withMetrics(SandboxMetric.of("hits"), SandboxMetric.of("search"))
				.withPlan("basic", SandboxLimit.of("hits", Period.DAY, 100))
				.withApplication(SandboxApplication.userKey("app-1"))
				.withApplication(SandboxApplication.userKey("app-2"))));

	private final ThreeScaleClient client = ThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "token"))
		.baseUrl(this.sandbox.uri())
		.connection(Patience.SETTINGS)
		.build();

	@AfterEach
	void close() {
		this.client.close();
		this.sandbox.close();
	}

	@Test
	void shouldTellWhatWasReportedInstead() {
		this.client.authRep(APP, Usage.of("hits", 2));
		this.client.authRep(APP, Usage.of("search", 4));
		this.client.authRep(ApplicationCredentials.userKey("app-2"), Usage.HIT);
		assertThat(this.sandbox).reported("app-1", "hits", 2).reported("app-2", "search", 0);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.sandbox).as("The bill").reported("app-1", "hits", 1))
			.withMessage("""
					[The bill]\s
					Expecting that what was reported for:
					  app-1
					is:
					  1 hits
					but what was reported is:
					  app-1: 2 hits, 4 search
					  app-2: 1 hits""");
	}

	@Test
	void shouldTellWhatWasRefused() {
		try {
			this.client.authRep(APP, Usage.of("serach"));
		}
		catch (RuntimeException ex) {
			// The caller sees no more than that this is misconfigured
		}
		assertThat(this.sandbox).reportedNothing();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.sandbox).reported("app-1", "search", 1))
			.withMessageContaining("nothing")
			.withMessageContaining("refused: metric_invalid, metric \"serach\" is invalid");
	}

	@Test
	void shouldTellWhoReportedAgainstExpectation() {
		this.client.authRep(APP, Usage.HIT);
		assertThat(this.sandbox).reportedNothingFor("app-2");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(this.sandbox).reportedNothing())
			.withMessageContaining("app-1: 1 hits");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.sandbox).reportedNothingFor("app-1"))
			.withMessageContaining("app-1: 1 hits");
	}

	@Test
	void shouldTellResponseCodesApart() {
		this.client.report(Transaction.of(APP, Usage.of("hits", 3)).withResponseCode(200));
		this.client.report(Transaction.of(APP, Usage.of("hits", 1)).withResponseCode(404));
		assertThat(this.sandbox).reported("app-1", "hits", 4)
			.reported("app-1", "hits", 3, 200)
			.reported("app-1", "hits", 1, 404);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.sandbox).reported("app-1", "hits", 4, 200))
			.withMessageContaining("4 hits with response code 200")
			.withMessageContaining("app-1: 3 hits (200), 1 hits (404)");
	}

	@Test
	void shouldWaitForWhatIsReportedAfterTheAnswer() {
		Executor later = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
		CompletableFuture<Void> report = CompletableFuture
			.runAsync(() -> this.client.report(Transaction.of(APP, Usage.of("hits", 3))), later);
		assertThat(this.sandbox).reported("app-1", "hits", 3);
		report.join();
	}

	@Test
	void shouldNotTakeAnUnknownApplicationForOneThatReportedNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> assertThat(this.sandbox).reportedNothingFor("app-3"));
	}

}
