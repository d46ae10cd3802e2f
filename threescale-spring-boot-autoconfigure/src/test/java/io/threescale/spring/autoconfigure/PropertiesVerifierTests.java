package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.metering.MeteringGate;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mockito.Mockito.mock;

/**
 * Properties that nobody reads, or that lack what they refer to.
 */
@ExtendWith(OutputCaptureExtension.class)
class PropertiesVerifierTests {

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ThreeScaleSandboxAutoConfiguration.class,
				ThreeScaleBackendAutoConfiguration.class, ThreeScaleClientAutoConfiguration.class,
				ThreeScaleMeteringAutoConfiguration.class, ThreeScaleDisabledAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.bare.withPropertyValues("threescale.service-id=4711",
			"threescale.service-token=token-0815");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			threescale.failure-polcy              | threescale.failure-policy
			threescale.failurePolcy               | threescale.failure-policy
			threescale.failure_polcy              | threescale.failure-policy
			threescale.token                      | threescale.service-token
			threescale.predictions.guard          | threescale.prediction.guard
			threescale.connection.timeout         | threescale.connection.total-timeout
			threescale.connection                 | threescale.connection
			threescale.credentials.headers.app-id | threescale.credentials.header.app-id
			threescale.credentials.kind[0]        | threescale.credentials.kind
			threescale.rules.pattern              | threescale.rules[0].pattern
			threescale.rules[0].metrc             | threescale.rules[0].metric
			threescale.rules[12].charge-om        | threescale.rules[12].charge-on
			threescale.services.a.service-toke    | threescale.services.a.service-token
			threescale.services.a.credentials.knd | threescale.services.a.credentials.kind
			threescale.services.search.id         | threescale.services.search.service-id
			threescale.services.service-id        | threescale.services.*.service-id
			threescale.services.response-timeout  | threescale.connection.response-timeout
			threescale.sandbox.services.1.plan.a.limits[0].max | threescale.sandbox.services.1.plans.a.limits[0].max
			threescale.sandbox.services.1.metrics[0].nam | threescale.sandbox.services.1.metrics[0].name
			""")
	void whenPropertyIsUnknownThenNamesItAndTheNearest(String property, String nearest) {
		this.runner.withPropertyValues(property + "=5").run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).containsIgnoringCase(property.replace("_", ""))
				.contains("There is no property");
			assertThat(analysis.getAction()).contains("'" + nearest);
		});
	}

	@Test
	void whenPropertyIsUnknownThenSaysWhereItStands() {
		withYaml(this.runner, """
				threescale:
				  rules:
				    pattern: /api/**
				    metric: search
				  failure-polcy: allow
				""").run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription()).contains(
				"'threescale.rules.pattern'", "'threescale.rules.metric'", "'threescale.failure-polcy'", "3:14",
				"5:18"));
	}

	@Test
	void whenAllIsRightThenNothingIsSaid(CapturedOutput output) {
		withYaml(this.runner.withPropertyValues("threescale.mode=strict"), """
				threescale:
				  failurePolicy: allow
				  credentials:
				    sources: header, query
				    claim: []
				    header:
				      user_key: key
				  prediction.guard: 0.1
				  reporting.spool.directory: /spool
				  rules:
				    - pattern: /api/**
				      usage: { downloads: 1, bytes.in: 1024, "[a.b]": 2 }
				      chargeOn: success
				    - { pattern: /, method: GET, service: a.b }
				  services:
				    "[a.b]":
				      service-id: 1
				      service-token: token
				      credentials.query.app-id: id
				  sandbox:
				    enabled: false
				    services:
				      "1001":
				        mode: app-id
				        tokens: [ t ]
				        metrics: [ { name: hits, methods: [ search, { name: a, methods: [ b ] } ] } ]
				        plans: { basic: { name: Basic, limits: [ { metric: search, period: minute, max: 3 } ] } }
				        applications: [ { app-id: demo, keys: k1, plan: basic, referrer-filters: [ "*" ] } ]
				""").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("There is no property");
		});
	}

	@Test
	void whenSwitchedOffThenNobodyMinds() {
		this.runner.withPropertyValues("threescale.enabled=false", "threescale.failure-polcy=allow")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "THREESCALE_TOKEN", "THREESCALE_PORT", "THREESCALE_PORT_80_TCP",
			"THREESCALE_PORT_80_TCP_ADDR", "THREESCALE_SERVICE_HOST", "THREESCALE_SERVICE_PORT",
			"THREESCALE_SERVICE_PORT_HTTP", "THREESCALE_FAILURE_POLICY", "THREESCALE_FAILUREPOLICY",
			"THREESCALE_RULES_0_PATTERN", "threescale.failure-policy" })
	void whenVariableIsNotOursOrRightThenNothingIsSaid(String variable, CapturedOutput output) {
		withEnvironment(this.runner, Map.of(variable, variable.contains("PATTERN") ? "/a" : "allow")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("There is no property");
		});
	}

	@Test
	void whenVariableIsNearlyOursThenWarns(CapturedOutput output) {
		withEnvironment(this.runner, Map.of("THREESCALE_FAILURE_POLCY", "allow")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("THREESCALE_FAILURE_POLCY")
				.contains("WARN")
				.contains("threescale.failure-policy");
		});
	}

	@Test
	void whenSystemPropertyIsNearlyOursThenWarns(CapturedOutput output) {
		this.runner.withSystemProperties("threescale.charge-onn=success").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("threescale.charge-onn", "'threescale.charge-on'");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					threescale.service-token=${TOKEN}                       | threescale.service-token                | TOKEN
					threescale.service-token=a-${TOKEN}                     | threescale.service-token                | TOKEN
					threescale.service-token=${OTHER:${TOKEN}}              | threescale.service-token                | TOKEN
					threescale.service-id=${SERVICE}                        | threescale.service-id                   | SERVICE
					threescale.url=${BACKEND_URL}                           | threescale.url                          | BACKEND_URL
					threescale.url=https://${BACKEND_HOST}/                 | threescale.url                          | BACKEND_HOST
					threescale.connection.proxy=http://${PROXY}:3128        | threescale.connection.proxy             | PROXY
					threescale.connection.ssl.bundle=${BUNDLE}              | threescale.connection.ssl.bundle        | BUNDLE
					threescale.anonymous.user-key=${KEY}                    | threescale.anonymous.user-key           | KEY
					threescale.credentials.header.user-key=${HEADER}        | threescale.credentials.header.user-key  | HEADER
					threescale.failure-policy=${POLICY}                     | threescale.failure-policy               | POLICY
					threescale.rules[0].pattern=/${PATH_OF_API}             | threescale.rules[0].pattern             | PATH_OF_API
					threescale.rules[0].usage.search=${UNITS}               | threescale.rules[0].usage.search        | UNITS
					threescale.services.a.service-token=${A_TOKEN}          | threescale.services.a.service-token     | A_TOKEN
					""")
	void whenPlaceholderIsOpenThenSaysWhich(String property, String name, String placeholder) {
		this.runner.withPropertyValues(property).run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'" + name + "'", "${" + placeholder + "}");
			assertThat(analysis.getAction()).contains(placeholder);
		});
	}

	@Test
	void whenPlaceholderOfVariableIsOpenThenSaysWhich() {
		withEnvironment(this.bare, Map.of("THREESCALE_SERVICEID", "4711", "THREESCALE_SERVICETOKEN", "${TOKEN}"))
			.run((context) -> description(context).contains("'threescale.service-token'", "${TOKEN}"));
	}

	@Test
	void whenPlaceholderIsEscapedThenItIsTaken() {
		this.runner.withPropertyValues("threescale.anonymous.user-key=\\${KEY}")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenValueIsAnExpressionThenSaysThatItIsNotEvaluated() {
		this.runner.withPropertyValues("threescale.service-token=#{systemEnvironment['TOKEN']}")
			.run((context) -> description(context).contains("'threescale.service-token'", "#{"));
	}

	@Test
	void whenPropertyIsOverriddenThenItsPlaceholderMayBeOpen() {
		withYaml(this.runner, """
				threescale:
				  service-token: ${TOKEN}
				  rules:
				    - pattern: /a
				    - pattern: ${PATTERN}
				""").withPropertyValues("threescale.rules[0].pattern=/b")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "threescale.prediction.time-to-live=${TTL}", "threescale.sandbox.services.1.tokens=${TOKEN}" })
	void whenNobodyReadsPropertyThenItsPlaceholderMayBeOpen(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void placeholderOfSpoolMayNotBeOpen() {
		this.runner.withPropertyValues("threescale.reporting.spool.directory=${SPOOL}")
			.run((context) -> description(context).contains("'threescale.reporting.spool.directory'", "${SPOOL}"));
	}

	@Test
	void whenConnectionIsNotReadFromPropertiesThenTheirPlaceholdersMayBeOpen() {
		ApplicationContextRunner open = this.bare.withPropertyValues("threescale.service-id=${SERVICE}",
				"threescale.service-token=${TOKEN}", "threescale.services.a.service-token=${TOKEN}");
		open.withPropertyValues("threescale.sandbox.enabled=true", "threescale.services.a.service-id=${SERVICE}")
			.run((context) -> assertThat(context).hasNotFailed());
		open.withBean(ReactiveThreeScaleClient.class, () -> mock(ReactiveThreeScaleClient.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MeteringGate.class));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					''                                        | Neither 'threescale.service-id' nor 'threescale.service-token' is set
					threescale.service-token=                 | Neither 'threescale.service-id' nor 'threescale.service-token' is set
					threescale.service-token=${TOKEN:}        | Neither 'threescale.service-id' nor 'threescale.service-token' is set
					threescale.service-id=4711                | Property 'threescale.service-token' is not set
					threescale.service-token=token            | Property 'threescale.service-id' is not set
					""")
	void whenConnectionIsNotSetThenSaysWhatLacksBeforeAnythingElseStarts(String property, String description) {
		this.bare.withPropertyValues("a=b", property).withBean("first", String.class, () -> {
			throw new IllegalStateException("started");
		}).run((context) -> {
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).startsWith(description);
			assertThat(analysis.getAction()).contains("'threescale.sandbox.enabled'", "'threescale.enabled'");
		});
	}

	@Test
	void whenNamedServiceLacksAllThenSaysSo() {
		this.runner.withPropertyValues("threescale.services.a.credentials.kind=app-id")
			.run((context) -> description(context).startsWith("Neither 'threescale.services.a.service-id' nor "
					+ "'threescale.services.a.service-token' is set"));
	}

	@Test
	void whenBuiltAheadOfTimeThenNothingNeedsToBeSetYet() {
		this.bare.withSystemProperties("spring.aot.processing=true")
			.withPropertyValues("threescale.service-token=${TOKEN}")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasMessageContaining("threeScaleConnectionDetails"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "threescale.url", "threescale.provider-key", "threescale.connection.proxy",
			"threescale.connection.ssl.bundle", "threescale.anonymous.app-key", "threescale.anonymous.user-key",
			"threescale.apicast-configuration", "threescale.reporting.spool.directory", "threescale.credentials.claim",
			"threescale.sandbox.services" })
	void whenOptionalPropertyIsBlankThenItIsNotSet(String property) {
		this.runner.withPropertyValues(property + "=${ABSENT:}", "threescale.mode=predictive")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "threescale.rules", "threescale.connection", "threescale.credentials.header",
			"threescale.services" })
	void whenAllBelowIsCommentedOutThenNothingIsSet(String property, CapturedOutput output) {
		assumeThat(SpringBootVersion.getVersion()).as("binds an empty value to an object").isGreaterThan("4.1");
		this.runner.withPropertyValues(property + "=").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("There is no property");
		});
	}

	@Test
	void whenSharedApplicationIsBlankThenSaysSo() {
		this.runner.withPropertyValues("threescale.anonymous.policy=share", "threescale.anonymous.user-key=${ABSENT:}")
			.run((context) -> description(context).contains("threescale.anonymous.policy"));
		this.runner
			.withPropertyValues("threescale.anonymous.policy=share", "threescale.anonymous.app-id=shared",
					"threescale.anonymous.app-key=", "threescale.anonymous.user-key=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static ApplicationContextRunner withYaml(ApplicationContextRunner runner, String yaml) {
		return runner.withInitializer((context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("application.yml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addLast);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private static ApplicationContextRunner withEnvironment(ApplicationContextRunner runner,
			Map<String, Object> variables) {
		return runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)));
	}

	private static AbstractStringAssert<?> description(AssertableApplicationContext context) {
		return assertThat(analysis(context.getStartupFailure()).getDescription());
	}

	private static FailureAnalysis analysis(Throwable failure) {
		assertThat(failure).isNotNull();
		FailureAnalysis analysis = new InvalidThreeScaleConfigurationFailureAnalyzer().analyze(failure);
		assertThat(analysis).as("analysis of %s", failure).isNotNull();
		return analysis;
	}

}
