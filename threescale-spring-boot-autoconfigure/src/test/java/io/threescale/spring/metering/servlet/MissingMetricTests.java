package io.threescale.spring.metering.servlet;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.Meters;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.Measure;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleTemplate;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that use metrics of which 3scale is not known to have them.
 */
@ExtendWith(OutputCaptureExtension.class)
class MissingMetricTests {

	private static final ApplicationCredentials CALLER = ApplicationCredentials.userKey("key-1");

	Application application;

	ThreeScaleSandbox sandbox;

	@BeforeEach
	void start() {
		start(Api.class);
	}

	private void start(Class<?> api) {
		this.application = Application.start(api, properties());
		this.sandbox = this.application.bean(ThreeScaleSandbox.class);
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	String[] properties() {
		return new String[] { "threescale.sandbox.enabled=true",
				"threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=search",
				"threescale.sandbox.services.1001.metrics[2].name=pages",
				"threescale.sandbox.services.1001.metrics[3].name=rows",
				"threescale.sandbox.services.1001.plans.basic.limits[0].metric=pages",
				"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[0].max=1000",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.sandbox.services.1001.applications[0].plan=basic" };
	}

	@Test
	void whenAMetricIsMissingThenTheOthersCountAndItIsSaid(CapturedOutput output) {
		use("/use/search,serach");
		Charges.assertSum(this.sandbox, Map.of("search", 1L));
		awaitUsed("serach", false, 1);
		assertThat(used("search", true)).isEqualTo(1);
		assertThat(used("serach", true)).isZero();
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("Controller.use", "'serach'", "no metric of that system name");
	}

	@Test
	void whenSeveralMetricsAreMissingThenAllAreSaid(CapturedOutput output) {
		use("/use/search,foo,rows,bar,pages");
		Charges.assertSum(this.sandbox, Map.of("search", 1L, "rows", 1L, "pages", 1L));
		awaitUsed("foo", false, 1);
		awaitUsed("bar", false, 1);
		assertThat(warnings(output)).hasSize(2)
			.anyMatch((line) -> line.contains("'foo'"))
			.anyMatch((line) -> line.contains("'bar'"));
	}

	@Test
	void whenAMetricIsMissingThenItIsAskedAboutAndSaidOnceForManyCalls(CapturedOutput output) {
		IntStream.range(0, 20).parallel().forEach((i) -> use("/use/search,serach"));
		Charges.assertSum(this.sandbox, Map.of("search", 20L));
		awaitUsed("serach", false, 20);
		assertThat(warnings(output)).hasSize(1);
		assertQuestions(20, 1);
	}

	@Test
	void whenAMetricIsUnknownThenItIsAskedAboutOnceAndSharesTheReportFromThenOn() {
		use("/use/search,rows");
		Charges.assertSum(this.sandbox, Map.of("search", 1L, "rows", 1L));
		this.sandbox.reset();
		use("/use/search,rows");
		Charges.assertSum(this.sandbox, Map.of("search", 1L, "rows", 1L));
		assertQuestions(1, 0);
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isEqualTo(1);
		awaitUsed("rows", true, 2);
	}

	@Test
	void whenMetricsAreThoseOfTheOperationOrLimitedOrOfAnEarlierCallThenNothingMoreIsAsked() {
		use("/rows");
		Charges.assertSum(this.sandbox, Map.of("rows", 1L));
		use("/use/search,pages,rows");
		Charges.assertSum(this.sandbox, Map.of("search", 1L, "pages", 1L, "rows", 2L));
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(2);
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isEqualTo(2);
	}

	@Test
	void when3scaleIsAwayWhileAskedThenNothingIsLost() {
		use("/use/search");
		Charges.assertSum(this.sandbox, Map.of("search", 1L));
		ThreeScaleTemplate template = this.application.bean(ThreeScaleTemplate.class);
		MeteredOperation operation = MeteredOperation.of("work", Usage.of("search"));
		template.metered(CALLER, operation, (call) -> {
			this.sandbox.failNext(1, Fault.status(503), SandboxOperation.AUTHORIZE);
			return call.add("pages", 1).add("rows", 1);
		});
		Charges.assertSum(this.sandbox, Map.of("search", 2L, "pages", 1L, "rows", 1L));
		awaitUsed("rows", true, 1);
	}

	@Test
	void whenAMeasureOrATemplateUsesAMissingMetricThenTheOthersCount(CapturedOutput output) {
		ThreeScaleTemplate template = this.application.bean(ThreeScaleTemplate.class);
		template.metered(CALLER, new MeteredOperation("work", null, Usage.of("search"), ChargeOn.COMPLETION,
				List.of(Measure.of("serach", "3"))), MeteredCall::isMetered);
		awaitUsed("serach", false, 3);
		template.metered(CALLER, Usage.of("search"), (call) -> call.add("search", 1).add("saerch", 2));
		awaitUsed("saerch", false, 2);
		Charges.assertSum(this.sandbox, Map.of("search", 2L));
		assertThat(warnings(output)).hasSize(2);
	}

	@Test
	void whenAResolverOfTheApplicationMeasuresAMissingMetricThenTheOthersCount(CapturedOutput output) {
		stop();
		start(OwnResolver.class);
		use("/use/search");
		Charges.assertSum(this.sandbox, Map.of("search", 1L));
		awaitUsed("serach", false, 200);
		assertThat(warnings(output)).singleElement().asString().contains("own", "'serach'");
	}

	void use(String path) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
	}

	/**
	 * Assert how many questions calls have cost beside their own.
	 */
	void assertQuestions(int calls, int questions) {
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(calls + questions);
	}

	private double used(String metric, boolean counted) {
		Counter counter = this.application.bean(MeterRegistry.class)
			.find("threescale.usage")
			.tag("metric", metric)
			.tag("counted", Boolean.toString(counted))
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

	void awaitUsed(String metric, boolean counted, double units) {
		Awaitility.await().untilAsserted(() -> assertThat(used(metric, counted)).isEqualTo(units));
	}

	static List<String> warnings(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains("WARN") && line.contains("MeteringGate"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, Meters.class })
	static class Api {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnResolver extends Api {

		@Bean
		UsageResolver resolver() {
			MeteredOperation operation = new MeteredOperation("own", null, Usage.of("search"), ChargeOn.COMPLETION,
					List.of(Measure.of("serach", "#status")));
			return (handler, request, path) -> operation;
		}

	}

	@RestController
	@ThreeScaleMetered("search")
	static class Controller {

		@GetMapping("/use/{metrics}")
		String use(@PathVariable List<String> metrics, MeteredCall call) {
			metrics.forEach((metric) -> call.add(metric, 1));
			return "";
		}

		@GetMapping("/rows")
		@ThreeScaleMetered("rows")
		String rows(MeteredCall call) {
			return "";
		}

	}

}
