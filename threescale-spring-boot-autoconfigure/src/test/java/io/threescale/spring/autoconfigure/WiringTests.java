package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.client.reporting.KnownMetrics;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.FailurePolicy;
import io.threescale.spring.metering.InvalidMeteringException;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringOutcome;
import io.threescale.spring.metering.MeteringSettings;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringProblems;
import io.threescale.spring.metering.servlet.ThreeScaleHandlerInterceptor;
import io.threescale.spring.observation.MeteringMeters;
import io.threescale.spring.security.ThreeScaleAuthenticationConverter;
import io.threescale.spring.security.ThreeScaleServerConfigurer;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.security.config.Customizer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Which beans there are, and when they stand back.
 */
class WiringTests {

	private static final MeteringSettings METERING = new MeteringSettings(FailurePolicy.DENY, false, false, false,
			false, false, Enforcement.ENFORCE);

	private static final AutoConfigurations OURS = AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
			ThreeScaleClientAutoConfiguration.class, ThreeScaleMeteringAutoConfiguration.class,
			ThreeScaleMetricsAutoConfiguration.class, ThreeScaleWebMvcAutoConfiguration.class,
			SslAutoConfiguration.class, JacksonAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class);

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(OURS);

	private final WebApplicationContextRunner bare = new WebApplicationContextRunner().withConfiguration(OURS)
		.withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class));

	private final WebApplicationContextRunner web = this.bare.withPropertyValues("threescale.service-id=4711",
			"threescale.service-token=token-0815");

	@Test
	void whenSpringSecurityIsThereThenNoFilterIsOfItself() {
		this.web.withConfiguration(AutoConfigurations.of(ThreeScaleSecurityAutoConfiguration.class)).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ThreeScaleAuthenticationConverter.class);
			assertThat(context.getBeanNamesForType(Filter.class)).containsExactlyInAnyOrder("requestContextFilter",
					"formContentFilter", "threeScaleFilter");
		});
	}

	@Test
	void whenSpringSecurityIsThereThenNoWebFilterAndNoCustomizerIsOfItself() {
		new ReactiveWebApplicationContextRunner().withConfiguration(OURS)
			.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class,
					ThreeScaleWebFluxAutoConfiguration.class, ThreeScaleSecurityAutoConfiguration.class))
			.withPropertyValues("threescale.service-id=4711", "threescale.service-token=token-0815")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(ThreeScaleServerConfigurer.class)
					.doesNotHaveBean(Customizer.class);
				assertThat(context.getBeanNamesForType(WebFilter.class)).containsExactly("threeScaleWebFilter");
			});
	}

	@Test
	void whenSpringSecurityIsNotThereThenNothingOfItIs() {
		this.web.withConfiguration(AutoConfigurations.of(ThreeScaleSecurityAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ThreeScaleHandlerInterceptor.class)
				.doesNotHaveBean("threeScaleAuthenticationConverter"));
	}

	@Test
	void whenClaimButNothingValidatesTokensThenFailsNamingThePropertyAndTheCure() {
		this.web.withPropertyValues("threescale.credentials.claim=azp")
			.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> {
				FailureAnalysis analysis = analysis(context);
				assertThat(analysis.getDescription()).contains("threescale.credentials.claim");
				assertThat(analysis.getAction()).contains("spring-boot-starter-security-oauth2-resource-server");
			});
	}

	@Test
	void whenConfiguredThenEverythingIsThere() {
		this.web.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(ThreeScaleClient.class)
			.hasSingleBean(ReactiveThreeScaleClient.class)
			.hasSingleBean(ThreeScaleConnectionDetails.class)
			.hasSingleBean(UsageResolver.class)
			.hasSingleBean(MeteringGate.class)
			.hasSingleBean(ThreeScaleHandlerInterceptor.class)
			.hasSingleBean(MeteringProblems.class)
			.doesNotHaveBean(MeteringMeters.class));
	}

	@Test
	void whenNotAWebApplicationThenNoInterceptor() {
		this.plain.withPropertyValues("threescale.service-id=4711", "threescale.service-token=token-0815")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ThreeScaleClient.class)
				.hasSingleBean(MeteringGate.class)
				.doesNotHaveBean(ThreeScaleHandlerInterceptor.class));
	}

	@Test
	void whenNoMvcThenNoInterceptor() {
		this.plain.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet", "jakarta.servlet"))
			.withPropertyValues("threescale.service-id=4711", "threescale.service-token=token-0815")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MeteringGate.class)
				.doesNotHaveBean(ThreeScaleHandlerInterceptor.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.micrometer.core", "org.springframework.boot.jackson",
			"org.springframework.boot.http.converter", "org.springframework.boot.micrometer" })
	void whenLibraryIsAbsentThenStartsAllTheSame(String library) {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
					ThreeScaleClientAutoConfiguration.class, ThreeScaleMeteringAutoConfiguration.class,
					ThreeScaleMetricsAutoConfiguration.class, ThreeScaleWebMvcAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(library))
			.withPropertyValues("threescale.service-id=4711", "threescale.service-token=token-0815")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(MeteringGate.class)
				.hasSingleBean(ThreeScaleHandlerInterceptor.class)
				.doesNotHaveBean("threeScaleMeteringMeters"));
	}

	@Test
	void whenDisabledThenNothingButArguments() {
		this.bare.withPropertyValues("threescale.enabled=false")
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ThreeScaleClient.class)
				.doesNotHaveBean(ThreeScaleConnectionDetails.class)
				.doesNotHaveBean(MeteringGate.class)
				.doesNotHaveBean(MeteringMeters.class)
				.doesNotHaveBean(ThreeScaleHandlerInterceptor.class)
				.hasBean("threeScaleArgumentConfigurer"));
	}

	@Test
	void whenDisabledThenOwnBeansDoNotWakeItUp() {
		this.bare.withPropertyValues("threescale.enabled=false")
			.withBean(ReactiveThreeScaleClient.class, () -> mock(ReactiveThreeScaleClient.class))
			.withBean(MeteringGate.class, WiringTests::gate)
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ThreeScaleHandlerInterceptor.class));
	}

	@Test
	void whenOwnReactiveClientThenNeedsNoToken() {
		ReactiveThreeScaleClient own = mock(ReactiveThreeScaleClient.class);
		this.bare.withBean("own", ReactiveThreeScaleClient.class, () -> own)
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(ThreeScaleClient.class)
					.hasSingleBean(MeteringMeters.class)
					.doesNotHaveBean(ThreeScaleConnectionDetails.class);
				assertThat(context.getBean(ReactiveThreeScaleClient.class)).isSameAs(own);
			});
		Mockito.verify(own, Mockito.atLeastOnce()).close();
	}

	@Test
	void whenOwnBeanThenStandsBack() {
		assertStandsBack(ThreeScaleClient.class, mock(ThreeScaleClient.class));
		assertStandsBack(UsageResolver.class, (handler, request, path) -> null);
		assertStandsBack(MeteringGate.class, gate());
		assertStandsBack(ThreeScaleHandlerInterceptor.class,
				new ThreeScaleHandlerInterceptor(gate(), (handler, request, path) -> null, (handler) -> false));
		assertStandsBack(MeteringMeters.class, new MeteringMeters(new SimpleMeterRegistry()));
	}

	private <T> void assertStandsBack(Class<T> type, T own) {
		this.web.withBean(SimpleMeterRegistry.class).withBean("own", type, () -> own).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(type)).isSameAs(own);
		});
	}

	@Test
	void whenConnectionDetailsThenPropertiesAreNotNeeded() {
		ThreeScaleConnectionDetails details = new ThreeScaleConnectionDetails() {

			@Override
			public URI getUrl() {
				return URI.create("http://127.0.0.1:3000");
			}

			@Override
			public ServiceCredentials getServiceCredentials() {
				return ServiceCredentials.providerKey("key", null);
			}

		};
		this.bare.withBean(ThreeScaleConnectionDetails.class, () -> details)
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(MeteringMeters.class);
				assertThat(context.getBean(ThreeScaleConnectionDetails.class)).isSameAs(details);
			});
	}

	@Test
	void whenApplicationHasSeveralOfWhatWeTakeOneOfThenStarts() {
		this.web.withBean("meters1", MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("meters2", MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("observations1", ObservationRegistry.class, ObservationRegistry::create)
			.withBean("observations2", ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MeteringMeters.class));
	}

	@Test
	void whenControllerIsAnnotatedWithNonsenseThenFailsAtStart() {
		this.web.withUserConfiguration(NonsenseController.class).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new InvalidMeteringFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription())
				.isEqualTo("Invalid metering of java.lang.String io.threescale.spring.autoconfigure.WiringTests"
						+ "$NonsenseController.search(): Metric 'hits' must be used by 1 unit or more, not 0");
			assertThat(analysis.getAction()).isEqualTo("Correct the annotations of the method or its class: "
					+ "Metric 'hits' must be used by 1 unit or more, not 0.");
			assertThat(context.getStartupFailure()).isInstanceOf(InvalidMeteringException.class);
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { BrokenExpression.class, UnknownVariable.class, ChargedBefore.class, NoStatus.class })
	void whenADeclarationIsNonsenseThenFailsAtStart(Class<?> controller) {
		this.web.withUserConfiguration(controller)
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(InvalidMeteringException.class));
	}

	@Test
	void whenDisabledThenNonsenseIsNobodysBusiness() {
		this.web.withPropertyValues("threescale.enabled=false")
			.withUserConfiguration(NonsenseController.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					threescale.service-token=                        | Property 'threescale.service-token' is not set. | 'threescale.sandbox.enabled'
					threescale.service-id=                           | Property 'threescale.service-id' is not set. | Set 'threescale.service-id' to the ID
					threescale.provider-key=secret-key               | Both 'threescale.service-token' and 'threescale.provider-key' are set | Remove 'threescale.provider-key'
					threescale.url=su1.3scale.net                    | Property 'threescale.url' is not an http or https URL | such as 'https://su1.3scale.net'
					threescale.url=ftp://su1.3scale.net              | Property 'threescale.url' is not an http or https URL | Set it to
					threescale.url=https://su1.3scale.net?a=b        | Property 'threescale.url' is not an http or https URL | Set it to
					threescale.url=https://user:secret@host          | Property 'threescale.url' is not an http or https URL | Set it to
					threescale.connection.max-connections=0          | Property 'threescale.connection.max-connections' must be 1 or more. | Correct it, or remove it
					threescale.connection.max-waiting=0              | Property 'threescale.connection.max-waiting' must be 1 or more. | Correct it, or remove it
					threescale.connection.total-timeout=0            | Property 'threescale.connection.total-timeout' must be longer than nothing. | Correct it, or remove it
					threescale.connection.connect-timeout=-1s        | Property 'threescale.connection.connect-timeout' must be longer than nothing. | Correct it, or remove it
					threescale.connection.response-timeout=0         | Property 'threescale.connection.response-timeout' must be longer than nothing. | Correct it, or remove it
					threescale.connection.max-life-time=0            | Property 'threescale.connection.max-life-time' must be longer than nothing. | Correct it, or remove it
					threescale.connection.proxy=user:secret@3128     | Property 'threescale.connection.proxy' must be a URL with a host. | Correct it, or remove it
					threescale.connection.ssl.bundle=absent          | Property 'threescale.connection.ssl.bundle' names an SSL bundle 'absent' | Define it under 'spring.ssl.bundle'
					threescale.credentials.header.user-key=          | Property 'threescale.credentials.header.user-key' must be a name. | Correct it, or remove it
					threescale.credentials.query.app-key=            | Property 'threescale.credentials.query.app-key' must be a name. | Correct it, or remove it
					threescale.services.maps.service-id=7;threescale.services.maps.service-token=t;threescale.services.maps.credentials.header.user-key= | Property 'threescale.services.maps.credentials.header.user-key' must be a name. | Correct it, or remove it
					threescale.credentials.sources=                  | Property 'threescale.credentials.sources' is empty | Name at least one of header, query, cookie, basic and bearer
					""")
	void whenPropertyMakesNoSenseThenNamesItAndTheCure(String properties, String description, String action) {
		this.web.withPropertyValues(properties.split(";")).run((context) -> {
			FailureAnalysis analysis = analysis(context);
			assertThat(analysis.getDescription()).startsWith(description).doesNotContain("secret");
			assertThat(analysis.getAction()).contains(action).doesNotContain("secret");
		});
	}

	@ParameterizedTest
	@CsvSource({ "threescale.failure-policy=maybe, threescale.failure-policy",
			"threescale.credentials.kind=password, threescale.credentials.kind",
			"threescale.credentials.sources=form, threescale.credentials.sources[0]",
			"threescale.connection.total-timeout=soon, threescale.connection.total-timeout",
			"threescale.url=http://[, threescale.url" })
	void whenPropertyCannotBeReadThenBootNamesIt(String property, String name) {
		this.web.withPropertyValues(property).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasStackTraceContaining(name.replaceAll("\\[.*", ""))
				.hasRootCauseInstanceOf(Exception.class)
				.satisfies((ex) -> assertThat(causes(ex))
					.hasAtLeastOneElementOfType(ConfigurationPropertiesBindException.class));
		});
	}

	@Test
	void whenNothingIsSetThenSaysHowToGoOn() {
		this.bare.run((context) -> assertThat(analysis(context).getAction()).contains("'threescale.sandbox.enabled'",
				"'threescale.enabled'"));
	}

	@Test
	void whenSourcesAreEmptyThenOwnResolverWillDo() {
		this.web.withPropertyValues("threescale.credentials.sources=")
			.withBean(CredentialsResolver.class, () -> (request) -> null)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenProviderKeyThenNoTokenIsNeeded() {
		this.bare.withPropertyValues("threescale.provider-key=key-1")
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBean(MeteringMeters.class)
					.decided(new MeteringDecision(MeteredOperation.of("A.b", Usage.HIT), "4711", null,
							MeteringOutcome.GRANTED, null, null));
				assertThat(registry.get("threescale.calls").tag("service", "4711").counter().count()).isEqualTo(1);
			});
	}

	private static List<Throwable> causes(Throwable ex) {
		return Stream.<Throwable>iterate(ex, Objects::nonNull, Throwable::getCause).toList();
	}

	private static FailureAnalysis analysis(AssertableWebApplicationContext context) {
		assertThat(context).hasFailed();
		FailureAnalysis analysis = new InvalidThreeScaleConfigurationFailureAnalyzer()
			.analyze(context.getStartupFailure());
		assertThat(analysis).as("analysis of %s", context.getStartupFailure()).isNotNull();
		return analysis;
	}

	private static MeteringGate gate() {
		MeteredService service = new MeteredService("4711", mock(ReactiveThreeScaleClient.class), (request) -> null,
				null, new KnownMetrics());
		return new MeteringGate(new MeteredServices(Map.of(MeteredServices.DEFAULT, service), (request) -> null),
				METERING, mock(MeteringListener.class), null, Clock.systemUTC());
	}

	@RestController
	static class NonsenseController {

		@GetMapping("/search")
		@ThreeScaleMetered(delta = 0)
		String search() {
			return "found";
		}

	}

	@RestController
	static class BrokenExpression {

		@GetMapping("/")
		@ThreeScaleMetered(units = "#result.size(")
		String method() {
			return "";
		}

	}

	@RestController
	static class UnknownVariable {

		@GetMapping("/")
		@ThreeScaleMetered(units = "1 + #results.size()")
		String method() {
			return "";
		}

	}

	@RestController
	static class ChargedBefore {

		@GetMapping("/")
		@ThreeScaleMetered(chargeOn = "admission")
		String method(MeteredCall call) {
			return "";
		}

	}

	@RestController
	static class NoStatus {

		@GetMapping("/")
		@ThreeScaleMetered(chargeOn = "sometimes")
		String method() {
			return "";
		}

	}

}
