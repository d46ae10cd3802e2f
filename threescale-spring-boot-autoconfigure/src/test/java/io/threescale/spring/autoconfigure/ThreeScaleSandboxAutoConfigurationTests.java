package io.threescale.spring.autoconfigure;

import java.net.URI;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreeScaleSandboxAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ThreeScaleSandboxAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withPropertyValues("threescale.connection.connect-timeout=10s", "threescale.connection.response-timeout=10s",
				"threescale.connection.total-timeout=15s")
		.withConfiguration(AutoConfigurations.of(ThreeScaleSandboxAutoConfiguration.class,
				ThreeScaleBackendAutoConfiguration.class, ThreeScaleClientAutoConfiguration.class));

	@Test
	void whenNotAskedToThenDoesNotStart() {
		this.contextRunner.withPropertyValues("threescale.service-id=1", "threescale.service-token=t")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ThreeScaleSandbox.class));
	}

	@Test
	void whenMeteringIsSwitchedOffThenDoesNotStart() {
		this.contextRunner.withPropertyValues("threescale.sandbox.enabled=true", "threescale.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ThreeScaleSandbox.class));
	}

	@Test
	void whenNothingIsDescribedThenKnowsADemoAndSaysThatNothingIsBilled(CapturedOutput output) {
		this.contextRunner.withPropertyValues("threescale.sandbox.enabled=true").run((context) -> {
			assertThat(authRep(context.getBean(ThreeScaleClient.class), ApplicationCredentials.userKey("demo")))
				.matches(Authorization::isGranted);
			assertThat(context.getBean(ThreeScaleSandbox.class).usage("demo", "hits")).isEqualTo(1);
			assertThat(output).contains("at " + context.getBean(ThreeScaleSandbox.class).page()
					+ " in a browser. Call with user-key demo.");
		});
		assertThat(output).contains("NOTHING IS BILLED");
	}

	@Test
	void whenCallersHaveIdsThenTheDemoHasOne() {
		this.contextRunner
			.withPropertyValues("threescale.sandbox.enabled=true", "threescale.credentials.kind=app-id",
					"threescale.service-id=7")
			.run((context) -> assertThat(
					authRep(context.getBean(ThreeScaleClient.class), ApplicationCredentials.appId("demo")))
				.matches(Authorization::isGranted));
	}

	@Test
	void whenAWorldIsDescribedThenItIsTheWorld() {
		this.contextRunner
			.withPropertyValues("threescale.sandbox.enabled=true",
					"threescale.sandbox.services.1001.metrics[0].name=hits",
					"threescale.sandbox.services.1001.metrics[0].methods=search,list",
					"threescale.sandbox.services.1001.plans.basic.limits[0].metric=hits",
					"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
					"threescale.sandbox.services.1001.plans.basic.limits[0].max=1",
					"threescale.sandbox.services.1001.applications[0].user-key=k",
					"threescale.sandbox.services.1001.applications[0].plan=basic")
			.run((context) -> {
				ThreeScaleClient client = context.getBean(ThreeScaleClient.class);
				ApplicationCredentials caller = ApplicationCredentials.userKey("k");
				assertThat(authRep(client, caller)).matches(Authorization::isGranted)
					.extracting(Authorization::plan)
					.isEqualTo("basic");
				assertThat(authRep(client, caller)).matches((answer) -> !answer.isGranted());
			});
	}

	@Test
	void whenTheWorldMakesNoSenseThenFailsWithWhatIsWrong() {
		this.contextRunner
			.withPropertyValues("threescale.sandbox.enabled=true",
					"threescale.sandbox.services.1001.plans.basic.limits[0].metric=typo",
					"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
					"threescale.sandbox.services.1001.plans.basic.limits[0].max=1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("threescale.sandbox")
				.hasMessageContaining("typo"));
	}

	@Test
	void whenTheServiceIsNotDescribedThenFailsWithThoseThatAre() {
		this.contextRunner
			.withPropertyValues("threescale.sandbox.enabled=true", "threescale.service-id=1002",
					"threescale.sandbox.services.1001.applications[0].user-key=k")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidThreeScaleConfigurationException.class,
						(ex) -> assertThat(ex.getMessage() + ex.action()).contains("1002", "1001")));
	}

	@Test
	void whenThereAreOtherConnectionDetailsThenDoesNotStart() {
		this.contextRunner.withPropertyValues("threescale.sandbox.enabled=true")
			.withBean(ThreeScaleConnectionDetails.class, OtherConnectionDetails::new)
			.run((context) -> assertThat(context).doesNotHaveBean(ThreeScaleSandbox.class));
	}

	private static Authorization authRep(ThreeScaleClient client, ApplicationCredentials caller) {
		return client.authRep(caller, Usage.HIT);
	}

	private static final class OtherConnectionDetails implements ThreeScaleConnectionDetails {

		@Override
		public URI getUrl() {
			return URI.create("http://localhost");
		}

		@Override
		public ServiceCredentials getServiceCredentials() {
			return ServiceCredentials.serviceToken("1", "t");
		}

	}

}
