package io.threescale.spring.sandbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.Period;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is changed in the portal, and on the clock, while the sandbox runs.
 */
class SandboxChangesTests {

	private static final Instant NOW = Instant.parse("2026-11-23T05:11:30Z");

	private final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(
			SandboxWorld.of("1001", SandboxService.appId("st1")
				.withMetrics(SandboxMetric.of("hits", SandboxMetric.of("search", "fast")), SandboxMetric.of("uploads"))
				.withPlan("basic", SandboxLimit.of("hits", Period.DAY, 2), SandboxLimit.of("fast", Period.MINUTE, 1))
				.withPlan("gold", SandboxLimit.of("hits", Period.DAY, 5))
				.withApplication(SandboxApplication.appId("demo", "k1", "k2").onPlan("basic"))
				.withApplication(SandboxApplication.appId("other", "k1").onPlan("gold"))),
			0, Clock.fixed(NOW, ZoneOffset.UTC));

	private final Caller demo = Caller.appId(this.sandbox, "demo", "k1");

	@AfterEach
	void stop() {
		this.sandbox.close();
	}

	@Test
	void deletedMetricIsGoneWithItsMethodsAndLimits() throws IOException {
		this.demo.authrep("fast");
		change((service) -> service.withoutMetric("search"));
		RawHttp.Response answer = this.demo.authrep("fast");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.body()).contains("metric_invalid");
		assertThat(this.demo.authorize("", "hierarchy=1").body()).contains("<metric name=\"hits\" children=\"\"/>")
			.contains("<current_value>1<")
			.doesNotContain("fast");
		report("fast");
		assertThat(this.sandbox.integrationErrors()).extracting(IntegrationError::code)
			.containsExactly(ErrorCode.METRIC_INVALID, ErrorCode.METRIC_INVALID);
	}

	@Test
	void metricThatIsNotThereOrTheLastOneCannotBeDeleted() {
		assertThatIllegalArgumentException().isThrownBy(() -> change((service) -> service.withoutMetric("nope")))
			.withMessageContaining("'nope'")
			.withMessageContaining("[hits, search, fast, uploads]");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> change((service) -> service.withoutMetric("uploads").withoutMetric("hits")));
	}

	@Test
	void suspendedApplicationIsDeniedUntilItIsResumed() throws IOException {
		changeDemo(SandboxApplication::suspend);
		assertThat(this.demo.authrep("hits").headers()).containsEntry("3scale-rejection-reason",
				"application_not_active");
		changeDemo(SandboxApplication::resume);
		assertThat(this.demo.authrep("hits").status()).isEqualTo(200);
		change(SandboxService::suspend);
		assertThat(this.demo.authrep("hits").headers()).containsEntry("3scale-rejection-reason", "service_not_active");
		change(SandboxService::resume);
		assertThat(this.demo.authrep("hits").status()).isEqualTo(200);
	}

	@Test
	void revokedKeyIsDenied() throws IOException {
		changeDemo((application) -> application.withKeys("k2"));
		assertThat(this.demo.authrep("hits").headers()).containsEntry("3scale-rejection-reason",
				"application_key_invalid");
		assertThat(Caller.appId(this.sandbox, "demo", "k2").authrep("hits").status()).isEqualTo(200);
	}

	@Test
	void deletedApplicationIsUnknown() throws IOException {
		change((service) -> service.withoutApplication("demo"));
		assertThat(this.demo.authrep("hits").body()).contains("application_not_found");
		assertThat(Caller.appId(this.sandbox, "other", "k1").authrep("hits").status()).isEqualTo(200);
		assertThatIllegalArgumentException().isThrownBy(() -> change((service) -> service.withoutApplication("demo")));
	}

	@Test
	void otherPlanHasOtherLimitsAndTheSameCounters() throws IOException {
		this.demo.authrep("hits");
		this.demo.authrep("hits");
		assertThat(this.demo.authrep("hits").status()).isEqualTo(409);
		changeDemo((application) -> application.onPlan("gold"));
		RawHttp.Response granted = this.demo.authrep("hits");
		assertThat(granted.status()).isEqualTo(200);
		assertThat(granted.body()).contains("<plan>gold</plan>", "<current_value>3<");
	}

	@Test
	void refusedChangeChangesNothing() throws IOException {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> changeDemo((application) -> application.onPlan("platinum")))
			.withMessageContaining("'platinum'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.sandbox.changeService("1002", SandboxService::suspend))
			.withMessageContaining("1002");
		assertThat(this.demo.authrep("hits").status()).isEqualTo(200);
	}

	@Test
	void clockThatIsAheadShowsInPeriodsAndResets() throws IOException {
		this.sandbox.advance(Duration.ofHours(19));
		RawHttp.Response answer = this.demo.authrep("hits");
		assertThat(answer.body()).contains("<period_end>2026-11-25 00:00:00 +0000<");
		assertThat(answer.headers()).containsEntry("3scale-limit-reset", "85710");
		assertThat(this.sandbox.transactions()).extracting(CountedTransaction::timestamp)
			.containsExactly(NOW.plus(Duration.ofHours(19)));
	}

	@Test
	void clockThatIsBehindShowsInPeriodsAndResets() throws IOException {
		this.demo.authrep("hits");
		this.sandbox.advance(Duration.ofHours(-6));
		RawHttp.Response answer = this.demo.authrep("hits");
		assertThat(answer.body()).contains("<period_end>2026-11-23 00:00:00 +0000<", "<current_value>1<");
		assertThat(answer.headers()).containsEntry("3scale-limit-reset", "2910");
	}

	private void change(UnaryOperator<SandboxService> change) {
		this.sandbox.changeService("1001", change);
	}

	private void changeDemo(UnaryOperator<SandboxApplication> change) {
		change((service) -> service.changeApplication("demo", change));
	}

	private void report(String metric) throws IOException {
		RawHttp.send(this.sandbox.port(),
				RawHttp.Request.post("/transactions.xml",
						"service_token=st1&service_id=1001&transactions[0][app_id]=demo&transactions[0][usage]["
								+ metric + "]=1"));
	}

}
