package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Period;
import io.threescale.spring.autoconfigure.BackendWarmUpTests.NoTest;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.method.MethodCredentialsResolver;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What 3scale is asked at start about what is declared, and what comes of the answers.
 */
@ExtendWith(OutputCaptureExtension.class)
class MeteringLintTests {

	private static final SandboxService SERVICE = SandboxService.userKey("token")
		.withMetrics(SandboxMetric.of("hits", "search", "upload"), SandboxMetric.of("pages"))
		.withPlan("basic", SandboxLimit.of("hits", Period.DAY, 100))
		.withApplication(SandboxApplication.userKey("key-1").onPlan("basic"))
		.withApplication(SandboxApplication.userKey("key-2").suspend());

	private static final SandboxWorld WORLD = SandboxWorld.of("1001", SERVICE)
		.withService("1002",
				SandboxService.appId("token-2").withApplication(SandboxApplication.appId("app-1", "secret")));

	private static final ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(WORLD);

	private static final AutoConfigurations METERING = AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
			ThreeScaleClientAutoConfiguration.class, ThreeScaleMeteringAutoConfiguration.class,
			ThreeScaleMethodAutoConfiguration.class, ThreeScaleWebMvcAutoConfiguration.class,
			ThreeScaleWebFluxAutoConfiguration.class);

	private static final String[] PROPERTIES = { "threescale.url=" + sandbox.uri(), "threescale.service-id=1001",
			"threescale.service-token=token", "threescale.lint.mode=warn", "threescale.lint.application.user-key=key-1",
			"threescale.connection.connect-timeout=10s", "threescale.connection.response-timeout=10s",
			"threescale.connection.total-timeout=15s" };

	@RegisterExtension
	static final Backend backend = new Backend();

	private final WebApplicationContextRunner mvc = new WebApplicationContextRunner().withConfiguration(METERING)
		.withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ReactiveWebApplicationContextRunner webFlux = new ReactiveWebApplicationContextRunner()
		.withConfiguration(METERING)
		.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(METERING)
		.withBean(MethodCredentialsResolver.class, () -> (invocation) -> ApplicationCredentials.userKey("key-1"))
		.withPropertyValues(PROPERTIES)
		.withPropertyValues("threescale.advisor.enabled=true");

	@BeforeEach
	void renew() {
		sandbox.reset();
		sandbox.recover();
	}

	@AfterAll
	static void stop() {
		sandbox.close();
	}

	@Test
	void whenAMetricIsMissingThenSaysWhoNamesItAndWhatIsMeant(CapturedOutput output) {
		String missing = "Service 1001 has no metric 'serach' at 3scale, which is used by " + Misspelt.class.getName()
				+ ".search(). Did you mean 'search'? Correct the name, or create metric 'serach' " + "at 3scale.";
		this.mvc.withUserConfiguration(Misspelt.class).run((context) -> assertThat(output).containsOnlyOnce(missing));
		this.webFlux.withUserConfiguration(Misspelt.class)
			.run((context) -> assertThat(occurrences(output, missing)).isEqualTo(2));
		assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(4);
		this.plain.withUserConfiguration(Importer.class)
			.run((context) -> assertThat(output).contains("has no metric 'imports' at 3scale, which is used by "
					+ Importer.class.getName() + ".run(String)."));
		assertThat(sandbox.transactions()).isEmpty();
	}

	@Test
	void whenRulesAndPropertiesNameMetricsThenTheseAreAskedFor(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.rules[0].pattern=/a", "threescale.rules[0].usage.rule=1")
			.withBean(ThreeScaleAiProperties.class, () -> new ThreeScaleAiProperties("tokens", null))
			.run((context) -> assertThat(output)
				.contains("has no metric 'rule' at 3scale, which is used by Mapping rule '/a'.")
				.contains("has no metric 'tokens' at 3scale, which is used by Property 'threescale.ai'."));
	}

	@Test
	void whenAllIsThereThenAsksOnceAndSaysSo(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.lint.mode=fail").withUserConfiguration(Right.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("3scale has all metrics that are declared for service 1001: [hits, pages].");
			assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(2);
		});
	}

	@Test
	void whenTheStartIsToFailThenSaysAllAndNamesPropertiesAndCure() {
		this.mvc
			.withPropertyValues("threescale.lint.mode=fail", "threescale.rules[0].pattern=/a",
					"threescale.rules[0].usage.rule=1")
			.withUserConfiguration(Misspelt.class)
			.run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).contains("'serach'", "'rule'");
				assertThat(analysis.getAction()).contains("create metric 'serach' at 3scale")
					.contains("set 'threescale.lint.mode' to 'warn'");
			});
	}

	@Test
	void whenTheTokenDoesNotWorkThenSaysSo(CapturedOutput output) {
		for (String application : List.of("", "key-1")) {
			this.mvc
				.withPropertyValues("threescale.lint.mode=fail", "threescale.service-token=another",
						"threescale.lint.application.user-key=" + application)
				.run((context) -> {
					FailureAnalysis analysis = analysis(context);
					assertThat(analysis.getDescription()).isEqualTo("Calls of service 1001 would fail: 3scale answered "
							+ "authorize with 403 service_token_invalid: check the service id and the service token or "
							+ "provider key.");
					assertThat(analysis.getAction()).startsWith(
							"Correct 'threescale.service-id' and 'threescale.service-token'. To start all the same");
				});
		}
		this.plain.withPropertyValues("threescale.service-token=another").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("WARN").contains("Calls of service 1001 would fail: ");
		});
	}

	@Test
	void whenNoApplicationAsksThenAMadeUpOneShowsThatTheTokenWorks(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.lint.mode=fail", "threescale.lint.application.user-key=")
			.withUserConfiguration(Misspelt.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains(
						"3scale accepts the token of service 1001; its metrics are checked with the first caller.");
				assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
			});
	}

	@Test
	void whenCallersAreKnownByAnotherKindThenSaysSo(CapturedOutput output) {
		WebApplicationContextRunner otherKind = this.mvc.withPropertyValues("threescale.lint.application.user-key=",
				"threescale.credentials.kind=app-id");
		otherKind.run((context) -> assertThat(output).contains("Calls of service 1001 would fail: ",
				"the service expects credentials of another kind", "Correct 'threescale.credentials.kind'."));
		otherKind.withPropertyValues("threescale.lint.mode=fail")
			.withBean(CredentialsResolver.class, () -> (request) -> null)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenTheApplicationIsDeniedThenNamesTheProperty(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.lint.application.user-key=key-2")
			.withUserConfiguration(Right.class)
			.run((context) -> assertThat(output).contains(
					"3scale denies the application under 'threescale.lint.application': application_not_active."));
		this.mvc.withPropertyValues("threescale.lint.application.app-key=secret")
			.run((context) -> assertThat(analysis(context).getDescription())
				.contains("'threescale.lint.application' must be either a 'user-key', or an 'app-id'"));
	}

	@Test
	void whenThereAreFurtherServicesThenEachIsAskedAbout(CapturedOutput output) {
		WebApplicationContextRunner served = this.mvc
			.withPropertyValues("threescale.services.partners.service-id=1002",
					"threescale.services.partners.credentials.kind=app-id",
					"threescale.services.partners.lint.application.app-id=app-1",
					"threescale.services.partners.lint.application.app-key=secret")
			.withUserConfiguration(Partners.class);
		served.withPropertyValues("threescale.services.partners.service-token=token-2")
			.run((context) -> assertThat(output).contains("Service 1002 has no metric 'pages' at 3scale")
				.contains("3scale has all metrics that are declared for service 1001"));
		served.withPropertyValues("threescale.services.partners.service-token=token", "threescale.lint.mode=fail")
			.run((context) -> assertThat(analysis(context).getAction())
				.contains("'threescale.services.partners.service-token'"));
	}

	@Test
	void whenAMethodIsNamedWithItsParentThenWarnsAndStarts(CapturedOutput output) {
		this.mvc
			.withPropertyValues("threescale.lint.mode=fail", "threescale.rules[0].pattern=/**",
					"threescale.rules[1].pattern=/found", "threescale.rules[1].usage.upload=1",
					"threescale.rules[2].pattern=/search", "threescale.rules[2].method=POST",
					"threescale.rules[2].usage.hits=1", "threescale.rules[2].usage.search=1",
					"threescale.rules[2].last=true", "threescale.rules[3].pattern=/search",
					"threescale.rules[3].usage.upload=1")
			.withUserConfiguration(Doubled.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(doubled(output)).containsExactlyInAnyOrder(
						Doubled.class.getName() + ".search() uses metric 'search'",
						"Mapping rule 'POST /search' uses metric 'search'",
						"Mapping rule '/found' with Mapping rule '/**' uses metric 'upload'",
						"Mapping rule '/search' with Mapping rule '/**' uses metric 'upload'");
				assertThat(output)
					.contains(" together with 'hits', to which 3scale adds it anyway: 'hits' is billed twice.");
			});
	}

	@Test
	void whenThreeScaleIsAwayThenStartsAllTheSame(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.url=http://127.0.0.1:1", "threescale.lint.mode=fail")
			.withUserConfiguration(Misspelt.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains("What is declared for service 1001 is checked with the first caller, as "
						+ "3scale cannot be asked now.");
			});
	}

	@Test
	void whenThreeScaleIsBackThenTheFirstCallerAsks(CapturedOutput output) {
		sandbox.fail(Fault.status(503));
		try (Application application = Application.start(Started.class, PROPERTIES)) {
			sandbox.recover();
			assertThat(application.send("GET", "/found", "user-key", "key-3").statusCode()).isEqualTo(403);
			assertThat(output).doesNotContain("has no metric");
			assertThat(application.get("/found").statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(output).contains("has no metric 'serach' at 3scale"));
			assertAsksNoMore(application);
			assertThat(sandbox.usage("key-1", "hits")).isEqualTo(2);
		}
	}

	@Test
	void whenThreeScaleIsAwayAgainThenACallerAMinuteLaterAsks(CapturedOutput output) {
		sandbox.fail(Fault.status(503), SandboxOperation.AUTHORIZE);
		try (Application application = Application.start(Started.class, PROPERTIES)) {
			application.get("/found");
			await().untilAsserted(() -> assertThat(output).contains("service 1001 is checked with a caller in a min"));
			sandbox.recover();
			assertAsksNoMore(application);
			sandbox.advance(Duration.ofMinutes(1));
			application.get("/found");
			await().untilAsserted(() -> assertThat(output).contains("has no metric 'serach' at 3scale"));
			sandbox.advance(Duration.ofMinutes(1));
			assertAsksNoMore(application);
		}
	}

	private static void assertAsksNoMore(Application application) {
		int asked = sandbox.requests(SandboxOperation.AUTHORIZE);
		assertThat(application.get("/found").statusCode()).isEqualTo(200);
		assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(asked);
	}

	@Test
	void whenDecisionsAreMadeInTheProcessThenTheFirstCallerAsks(CapturedOutput output) {
		try (Application application = Application.start(Started.class,
				Stream
					.concat(Stream.of(PROPERTIES),
							Stream.of("threescale.mode=predictive", "threescale.lint.application.user-key="))
					.toArray(String[]::new))) {
			assertThat(output).doesNotContain("has no metric");
			assertThat(application.get("/found").statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(output).contains("has no metric 'serach' at 3scale"));
		}
	}

	@Test
	void whenAsksAtStartThenTheWayIsNotGoneTwice() {
		try (Application application = Application.start(backend, Started.class, "threescale.lint.mode=warn")) {
			assertThat(backend.requests()).singleElement()
				.extracting(LoggedRequest::getUrl)
				.asString()
				.startsWith("/transactions/authorize.xml?")
				.contains("user_key=threescale-lint");
			assertThat(application.get("/found").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void whenSwitchedOffOrInATestThenNobodyAsks(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.lint.mode=off")
			.withUserConfiguration(Misspelt.class)
			.run((context) -> assertThat(output).doesNotContain("has no metric"));
		try (Application application = Application.start(Misspelt.class, PROPERTIES)) {
			assertThat(output).contains("3scale is not asked for metrics ('threescale.lint.mode'), as this is a test.");
			assertThat(application.get("/found").statusCode()).isEqualTo(200);
		}
		assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isZero();
	}

	private static FailureAnalysis analysis(ApplicationContextAssertProvider<?> context) {
		FailureAnalysis analysis = new InvalidThreeScaleConfigurationFailureAnalyzer()
			.analyze(context.getStartupFailure());
		assertThat(analysis).isNotNull();
		return analysis;
	}

	private static int occurrences(CapturedOutput output, String text) {
		return output.getOut().split(Pattern.quote(text), -1).length - 1;
	}

	private static List<String> doubled(CapturedOutput output) {
		return output.getOut()
			.lines()
			.filter((line) -> line.contains(" together with "))
			.map((line) -> line.replaceAll(".*MeteringLint : | together with .*", ""))
			.toList();
	}

	@RestController
	@EnableAutoConfiguration
	static class Misspelt {

		@GetMapping("/search")
		@ThreeScaleMetered("serach")
		String search() {
			return "found";
		}

		@GetMapping("/found")
		@ThreeScaleMetered
		String found() {
			return "found";
		}

	}

	@Import(NoTest.class)
	static class Started extends Misspelt {

		@Bean
		Clock threeScaleClock() {
			return sandbox.clock();
		}

	}

	@RestController
	static class Right {

		@GetMapping("/found")
		@ThreeScaleMetered
		@ThreeScaleMetered(metric = "pages", units = "#result.length()")
		String found() {
			return "found";
		}

	}

	@RestController
	static class Partners {

		@GetMapping("/partners")
		@ThreeScaleMetered(metric = "pages", service = "partners")
		String partners() {
			return "found";
		}

		@GetMapping("/found")
		@ThreeScaleMetered
		String found() {
			return "found";
		}

	}

	@RestController
	static class Doubled {

		@GetMapping("/annotated")
		@ThreeScaleMetered(usage = { "hits=1", "search=1" })
		String search() {
			return "found";
		}

		@GetMapping({ "/found", "/search" })
		String found() {
			return "found";
		}

	}

	static class Importer {

		@ThreeScaleMetered("imports")
		public void run(String file) {
			// Nobody calls it
		}

	}

}
