package io.threescale.spring.sandbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.threescale.spring.Period;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A metric two levels below a limit, as 3scale has it in every product that has a
 * backend.
 */
class MetricTreeTests {

	private static final Pattern HIERARCHY = Pattern.compile("<hierarchy>(.*)</hierarchy>");

	private final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(
			SandboxWorld
				.of("1001",
						SandboxService.userKey("st1")
							.withMetrics(
									SandboxMetric.of("hits",
											SandboxMetric.of("hits.2001",
													SandboxMetric.of("search.2001", "fast.2001"))),
									SandboxMetric.of("uploads"))
							.withPlan("basic", SandboxLimit.of("uploads", Period.DAY, 1),
									SandboxLimit.of("hits", Period.DAY, 3), SandboxLimit.of("hits", Period.HOUR, 2),
									SandboxLimit.of("search.2001", Period.DAY, 100))
							.withApplication(SandboxApplication.userKey("demo"))),
			0, Clock.fixed(Instant.parse("2026-11-23T05:11:30Z"), ZoneOffset.UTC));

	private final Caller demo = Caller.userKey(this.sandbox, "demo");

	@AfterEach
	void stop() {
		this.sandbox.close();
	}

	@Test
	void hierarchyListsEachReportWithItsDirectChildrenOnly() throws IOException {
		String body = this.demo.authorize("", "hierarchy=1").body();
		Matcher hierarchy = HIERARCHY.matcher(body);
		assertThat(hierarchy.find()).isTrue();
		assertThat(hierarchy.group(1)).isEqualTo("<metric name=\"hits\" children=\"hits.2001\"/>".repeat(2)
				+ "<metric name=\"search.2001\" children=\"fast.2001\"/><metric name=\"uploads\" children=\"\"/>");
	}

	@Test
	void limitsAreListedByMetricAsTheServiceHasThem() throws IOException {
		assertThat(this.demo.authorize("", "").body()).containsSubsequence("metric=\"hits\" period=\"day\"",
				"metric=\"hits\" period=\"hour\"", "metric=\"search.2001\" period=\"day\"",
				"metric=\"uploads\" period=\"day\"");
	}

	@Test
	void limitOfTheTopmostMetricHoldsTheUsageOfTheLowest() throws IOException {
		assertThat(this.demo.authrep("fast.2001").headers()).containsEntry("3scale-limit-remaining", "1")
			.containsEntry("3scale-limit-max-value", "2")
			.containsEntry("3scale-limit-reset", "2910");
		assertThat(this.demo.authrep("search.2001").status()).isEqualTo(200);
		RawHttp.Response denied = this.demo.authrep("fast.2001");
		assertThat(denied.status()).isEqualTo(409);
		assertThat(denied.headers()).containsEntry("3scale-rejection-reason", "limits_exceeded")
			.containsEntry("3scale-limit-remaining", "0");
		assertThat(this.sandbox.usage("demo", "hits")).isEqualTo(2);
		assertThat(this.sandbox.usage("demo", "hits.2001")).isEqualTo(2);
		assertThat(this.sandbox.usage("demo", "search.2001")).isEqualTo(2);
		assertThat(this.sandbox.usage("demo", "fast.2001")).isEqualTo(1);
	}

	@Test
	void limitHeadersLookAtTheUsedMetricsAndTheirAncestorsOnly() throws IOException {
		assertThat(this.demo.authrep("uploads").headers()).containsEntry("3scale-limit-remaining", "0")
			.containsEntry("3scale-limit-max-value", "1");
		assertThat(this.demo.authrep("search.2001").headers()).containsEntry("3scale-limit-remaining", "1")
			.containsEntry("3scale-limit-max-value", "2");
		assertThat(this.demo.authorize("", "limit_headers=1").headers()).containsEntry("3scale-limit-remaining", "0")
			.containsEntry("3scale-limit-max-value", "1");
	}

}
