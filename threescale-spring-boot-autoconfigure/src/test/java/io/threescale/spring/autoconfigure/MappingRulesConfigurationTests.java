package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.rules.MappingRule;
import io.threescale.spring.metering.rules.MappingRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules from properties.
 */
class MappingRulesConfigurationTests {

	private static final String SERVICES = """
			{"services": [
			 {"id": 7, "proxy": {"proxy_rules": [
			  {"http_method": "GET", "pattern": "/", "metric_system_name": "seven", "delta": 1}]}},
			 {"id": 4711, "proxy": {"proxy_rules": [
			  {"http_method": "POST", "pattern": "/a/{id}", "metric_system_name": "uploads", "delta": 5}]}}]}""";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
				ThreeScaleClientAutoConfiguration.class, ThreeScaleMeteringAutoConfiguration.class))
		.withPropertyValues("threescale.service-id=4711", "threescale.service-token=token-0815");

	@TempDir
	private Path directory;

	@Test
	void whenRuleNamesNoServiceThenDoesNotStart() {
		this.runner.withPropertyValues("threescale.rules[0].pattern=/a", "threescale.rules[0].service=typo")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.rules[0].service"));
	}

	@Test
	void whenNothingIsSetThenThereAreNoRules() {
		this.runner.run((context) -> assertThat(context.getBean(MappingRules.class).rules()).isEmpty());
	}

	@Test
	void whenRulesAreSetThenTheyAreKeptInTheirOrder() {
		this.runner.withPropertyValues("threescale.rules[0].pattern=/**", "threescale.rules[1].method=get",
				"threescale.rules[1].pattern=/search/{id}", "threescale.rules[1].metric=search",
				"threescale.rules[1].delta=2", "threescale.rules[1].last=true", "threescale.rules[2].method=POST",
				"threescale.rules[2].pattern=/upload", "threescale.rules[2].usage.uploads=1",
				"threescale.rules[2].usage[bytes.in]=1024", "threescale.rules[2].service=storage",
				"threescale.services.storage.service-id=4712", "threescale.services.storage.service-token=token-0816")
			.run((context) -> assertThat(context.getBean(MappingRules.class).rules()).extracting(MappingRule::toString)
				.containsExactly("/** uses {hits=1}", "GET /search/{id} uses {search=2}, last",
						"POST /upload uses {uploads=1, bytes.in=1024} of service storage"));
	}

	@Test
	void whenARuleDoesNotSayWhenToChargeThenThePropertyDoes() {
		this.runner
			.withPropertyValues("threescale.charge-on=completion", "threescale.rules[0].pattern=/",
					"threescale.rules[1].pattern=/", "threescale.rules[1].charge-on=success")
			.run((context) -> assertThat(context.getBean(MappingRules.class).rules()).extracting(MappingRule::chargeOn)
				.containsExactly(ChargeOn.COMPLETION, ChargeOn.SUCCESS));
	}

	@Test
	void whenAnApicastConfigurationIsSetThenItsRulesFollow() throws IOException {
		Path file = Files.writeString(this.directory.resolve("apicast.json"), SERVICES);
		this.runner
			.withPropertyValues("threescale.apicast-configuration=" + file.toUri(), "threescale.rules[0].pattern=/own")
			.run((context) -> assertThat(context.getBean(MappingRules.class).rules()).extracting(MappingRule::toString)
				.containsExactly("/own uses {hits=1}", "POST /a/{id} uses {uploads=5}"));
	}

	@Test
	void whenTheServiceIsNotInTheApicastConfigurationThenTheStartFails() throws IOException {
		Path file = Files.writeString(this.directory.resolve("apicast.json"), SERVICES);
		FailureAnalysis failure = failure("threescale.apicast-configuration=" + file.toUri(),
				"threescale.service-id=99");
		assertThat(failure.getDescription()).startsWith("Property 'threescale.apicast-configuration'")
			.contains(file.toString(), "the one with ID '99' 0 times instead of once");
		assertThat(failure.getAction()).contains("threescale.service-id", "threescale.rules");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", value = {
			"threescale.rules[1].metric=a | - | Property 'threescale.rules[1].pattern' must be a path pattern",
			"threescale.rules[1].pattern=a | - | Property 'threescale.rules[1].pattern' must be a path pattern",
			"threescale.rules[1].pattern=/{a | - | Property 'threescale.rules[1].pattern' is not a path pattern",
			"threescale.rules[1].pattern=/** | threescale.rules[1].method=HEAD | 'threescale.rules[1].method' must be GET",
			"threescale.rules[1].pattern=/** | threescale.rules[1].delta=0 | 'threescale.rules[1].delta' must be 1 unit",
			"threescale.rules[1].pattern=/** | threescale.rules[1].delta=-1 | 'threescale.rules[1]' makes no sense",
			"threescale.rules[1].pattern=/** | threescale.rules[1].metric=a[b] | without square brackets",
			"threescale.rules[1].pattern=/** | threescale.rules[1].charge-on=never | 'threescale.rules[1].charge-on' makes no sense",
			"threescale.rules[1].pattern=/** | threescale.rules[1].usage.a=0 | 'threescale.rules[1].usage' must be 1 unit" })
	void whenARuleMakesNoSenseThenTheStartFails(String property, String other, String description) {
		assertThat(failure("threescale.rules[0].pattern=/", property, Objects.requireNonNullElse(other, "a=b"))
			.getDescription()).contains(description);
	}

	@Test
	void whenUsageStandsBesideMetricThenTheStartFails() {
		assertThat(failure("threescale.rules[0].pattern=/", "threescale.rules[0].metric=a",
				"threescale.rules[0].usage.b=1")
			.getDescription()).contains("'threescale.rules[0].usage' must be alone");
	}

	@Test
	void whenRulesAddUpToMoreThanACallCanUseThenTheStartFails() {
		assertThat(failure("threescale.rules[0].pattern=/**", "threescale.rules[0].delta=" + Usage.MAX_AMOUNT,
				"threescale.rules[1].pattern=/a")
			.getDescription()).contains("'threescale.rules' makes no sense", "add up to too much", "'hits'");
	}

	@Test
	void whenTheApplicationHasRulesThenTheyAreUsed() {
		MappingRules own = new MappingRules(List.of());
		this.runner.withBean(MappingRules.class, () -> own)
			.run((context) -> assertThat(context.getBean(MappingRules.class)).isSameAs(own));
	}

	@Test
	void whenSwitchedOffThenThereAreNone() {
		this.runner.withPropertyValues("threescale.enabled=false", "threescale.rules[0].pattern=nonsense")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MappingRules.class));
	}

	private FailureAnalysis failure(String... properties) {
		FailureAnalysis[] failure = new FailureAnalysis[1];
		this.runner.withPropertyValues(properties)
			.run((context) -> failure[0] = new InvalidThreeScaleConfigurationFailureAnalyzer()
				.analyze(Objects.requireNonNull(context.getStartupFailure())));
		return Objects.requireNonNull(failure[0]);
	}

}
