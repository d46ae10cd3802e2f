package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.method.MethodCredentialsResolver;
import jakarta.servlet.http.HttpServlet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.core.PriorityOrdered;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is said at start of annotations, arguments and rules.
 */
@ExtendWith(OutputCaptureExtension.class)
class MeteringStartTests {

	private static final String[] SERVICE = { "threescale.service-id=4711", "threescale.service-token=token-0815" };

	private static final AutoConfigurations METERING = AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
			ThreeScaleClientAutoConfiguration.class, ThreeScaleMeteringAutoConfiguration.class,
			ThreeScaleMethodAutoConfiguration.class, ThreeScaleWebMvcAutoConfiguration.class,
			ThreeScaleWebFluxAutoConfiguration.class);

	private final WebApplicationContextRunner mvc = new WebApplicationContextRunner().withConfiguration(METERING)
		.withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class))
		.withPropertyValues(SERVICE);

	private final ReactiveWebApplicationContextRunner webFlux = new ReactiveWebApplicationContextRunner()
		.withConfiguration(METERING)
		.withConfiguration(AutoConfigurations.of(WebFluxAutoConfiguration.class))
		.withPropertyValues(SERVICE);

	private final ApplicationContextRunner plain = new ApplicationContextRunner().withConfiguration(METERING)
		.withPropertyValues(SERVICE);

	private final WebApplicationContextRunner advised = this.mvc.withPropertyValues("threescale.advisor.enabled=true")
		.withBean(MethodCredentialsResolver.class, () -> (invocation) -> ApplicationCredentials.userKey("demo"));

	@Test
	void whenAllIsRightThenSaysWhatIsMetered(CapturedOutput output) {
		String[] rules = { "threescale.rules[0].pattern=/ruled/{id}", "threescale.rules[1].pattern=/*/by-id",
				"threescale.rules[1].method=GET", "threescale.services.b.service-id=4712",
				"threescale.services.b.service-token=token" };
		String summary = "3scale meters 5 controller methods and leaves 1 unmetered; mapping rules: 2; service: 4711, "
				+ "further services: {b=4712}; mode: STRICT; failure policy: DENY";
		this.mvc.withPropertyValues(rules)
			.withUserConfiguration(Right.class, MeteredController.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains(summary).doesNotContain("no effect", "is empty");
			});
		this.webFlux.withPropertyValues(rules)
			.withUserConfiguration(Right.class, MeteredController.class)
			.run((context) -> assertThat(output.getOut().split(summary.replaceAll("[{}]", "."), -1)).hasSize(3));
		assertThat(output).doesNotContain("no effect", "is empty");
	}

	@Test
	void whenServiceIsAnnotatedAndThereIsNoAdvisorThenSaysSo(CapturedOutput output) {
		this.plain.withUserConfiguration(Annotated.class, AnnotatedClass.class, Silenced.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains(no("Annotated.search(String)", "'threescale.advisor.enabled' is not set"),
					no("Annotated.hidden()", ""), no("Annotated.last()", ""), no("AnnotatedClass", ""),
					"@ThreeScaleUnmetered on " + Silenced.class.getName() + ".silent() has no effect");
		});
	}

	@Test
	void whenThereIsNoWebFrameworkThenAnnotationsOfControllersHaveNoEffect(CapturedOutput output) {
		this.plain.withUserConfiguration(Right.class)
			.run((context) -> assertThat(output).contains(no("Right.metered(MeteredCall)", ""),
					no("Right.inherited()", "")));
	}

	@Test
	void whenHandlerHasOtherAnnotatedMethodsThenTheyAreNamed(CapturedOutput output) {
		this.mvc.withUserConfiguration(Mixed.class)
			.run((context) -> assertThat(output).contains(no("Mixed.helper()", ""), no("Mixed.failed()", ""))
				.doesNotContain("Mixed.metered()"));
		this.webFlux.withUserConfiguration(Mixed.class)
			.run((context) -> assertThat(output.getOut().split("Mixed.helper\\(\\)", -1)).hasSizeGreaterThan(2));
	}

	@Test
	void whenAdvisorMetersThenOnlyWhatProxiesCannotInterceptIsNamed(CapturedOutput output) {
		this.advised
			.withUserConfiguration(Annotated.class, AnnotatedClass.class, Silenced.class, Prototype.class, Found.class,
					MeteredController.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(Prototype.class);
				assertThat(output).contains(no("Annotated.hidden()", "no proxy"), no("Annotated.last()", "no proxy"))
					.doesNotContain("Annotated.search(String) has")
					.doesNotContain("AnnotatedClass has", "Silenced", "Prototype has", "Found.", "MeteredController");
			});
	}

	@Test
	void whenBeanIsMadeBeforeProxiesThenSaysSo(CapturedOutput output) {
		this.advised.withUserConfiguration(TooEarly.class)
			.run((context) -> assertThat(output).contains(no("Annotated.search(String)", "no proxy of its bean")));
	}

	@Test
	void whenProxyIsOfAnInterfaceThenMethodsBesideItAreNamed(CapturedOutput output) {
		this.advised.withPropertyValues("spring.aop.proxy-target-class=false")
			.withUserConfiguration(Implementation.class)
			.run((context) -> assertThat(output).contains(no("Implementation.beside()", "no proxy of its bean"))
				.doesNotContain("Implementation.declared() has"));
	}

	@ParameterizedTest
	@ValueSource(classes = { TakesCall.class, TakesAuthorization.class, TakesThoughUnmetered.class })
	void whenUnmeteredHandlerTakesTheDecisionThenSaysSo(Class<?> controller, CapturedOutput output) {
		this.mvc.withUserConfiguration(controller)
			.run((context) -> assertThat(output).contains(" of " + controller.getName() + ".take(", "is empty"));
		this.webFlux.withUserConfiguration(controller)
			.run((context) -> assertThat(output.getOut().split(controller.getSimpleName() + "\\.take\\(", -1))
				.hasSizeGreaterThan(2));
	}

	@Test
	void whenARuleMayMeterTheHandlerThenNothingIsSaid(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.rules[0].pattern=/take/{*rest}")
			.withUserConfiguration(TakesCall.class)
			.run((context) -> assertThat(output).doesNotContain("is empty", "no effect"));
	}

	@Test
	void whenNoHandlerMeetsARuleThenWarns(CapturedOutput output) {
		for (String pattern : new String[] { "/serach/**", "/search/a", "/found.html", "/static/**" }) {
			this.mvc
				.withPropertyValues("threescale.rules[0].pattern=" + pattern, "threescale.rules[1].pattern=/found",
						"threescale.on-ineffective=fail")
				.withUserConfiguration(Found.class)
				.run((context) -> {
					assertThat(output).contains("Mapping rule '" + pattern + "' meets no handler");
					assertThat(output).doesNotContain("Mapping rule '/found'");
				});
		}
		this.mvc.withPropertyValues("threescale.rules[0].pattern=/found", "threescale.rules[0].method=DELETE")
			.withUserConfiguration(Right.class)
			.run((context) -> assertThat(output).contains("Mapping rule 'DELETE /found' meets no handler"));
		this.webFlux.withPropertyValues("threescale.rules[0].pattern=/flux/**")
			.withUserConfiguration(Right.class)
			.run((context) -> assertThat(output).contains("Mapping rule '/flux/**' meets no handler"));
		this.plain.withPropertyValues("threescale.rules[0].pattern=/plain/**")
			.run((context) -> assertThat(output).contains("Mapping rule '/plain/**' meets no handler"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/**", "/found", "/{any}", "/f*", "/{*rest}", "/view/a", "/files/a/b", "/META-INF/**",
			"/META-INF/spring.factories" })
	void whenAHandlerMayMeetARuleThenNothingIsSaid(String pattern, CapturedOutput output) {
		this.mvc
			.withPropertyValues("threescale.rules[0].pattern=" + pattern,
					"spring.web.resources.static-locations=classpath:/")
			.withUserConfiguration(Mixed.class, OtherHandlers.class)
			.run((context) -> assertThat(output).doesNotContain("Mapping rule"));
		this.mvc.withPropertyValues("threescale.rules[0].pattern=/function/**")
			.withUserConfiguration(Functional.class)
			.run((context) -> assertThat(output).doesNotContain("Mapping rule"));
	}

	@Test
	void whenAServletServesWhatARuleMatchesThenSaysThatItIsNotMetered(CapturedOutput output) {
		SpringApplication application = new SpringApplication(LazyApplication.class, Servlets.class);
		try (ConfigurableApplicationContext context = application.run("--threescale.service-id=4711",
				"--threescale.service-token=token", "--server.port=0", "--server.address=127.0.0.1",
				"--server.servlet.register-default-servlet=true", "--threescale.rules[0].pattern=/api/**",
				"--threescale.rules[1].pattern=/alone/**")) {
			assertThat(context.isRunning()).isTrue();
			assertThat(output).contains("Calls of /api/files/** are not metered, though mapping rule '/api/**' matches",
					"Calls of /api/one are not metered", "Calls of /alone/** are not metered");
			assertThat(output.getOut().split("are not metered, though", -1)).hasSize(4);
		}
	}

	@Test
	void whenARuleOfApicastHasSeveralMetricsThenItIsOne(CapturedOutput output, @TempDir Path directory)
			throws IOException {
		Path file = Files.writeString(directory.resolve("apicast.json"), """
				{"services": [{"id": 4711, "proxy": {"proxy_rules": [
				 {"http_method": "GET", "pattern": "/found", "metric_system_name": "hits", "delta": 1},
				 {"http_method": "GET", "pattern": "/found", "metric_system_name": "found", "delta": 2},
				 {"http_method": "GET", "pattern": "/a/", "metric_system_name": "a", "delta": 1, "last": true}]}}]}""");
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel("io.threescale.spring.metering", LogLevel.DEBUG);
		this.mvc.withPropertyValues("threescale.apicast-configuration=" + file.toUri(), "threescale.charge-on=2xx,404")
			.withUserConfiguration(Found.class)
			.run((context) -> assertThat(output).containsOnlyOnce("3scale meters 1 controller methods")
				.contains("mapping rules: 2;", "Mapping rule 'GET /a/' meets no handler",
						"Mapping rule 1: GET /found uses {hits=1, found=2}, charged on 2xx,404",
						"Mapping rule 2: GET /a/ uses {a=1}, last, charged on 2xx,404"));
		logging.setLogLevel("io.threescale.spring.metering", null);
	}

	@Test
	void whenIneffectiveFailsTheStartThenItNamesAll() {
		this.mvc.withPropertyValues("threescale.on-ineffective=fail")
			.withUserConfiguration(Annotated.class, TakesCall.class)
			.run((context) -> {
				FailureAnalysis analysis = new InvalidThreeScaleConfigurationFailureAnalyzer()
					.analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("Annotated.search(String)", "Annotated.hidden()",
						"TakesCall.take(MeteredCall)");
				assertThat(analysis.getAction()).containsOnlyOnce("'threescale.on-ineffective'");
			});
	}

	@Test
	void whenSwitchedOffThenNothingIsSaid(CapturedOutput output) {
		this.mvc.withPropertyValues("threescale.enabled=false", "threescale.on-ineffective=fail")
			.withUserConfiguration(Annotated.class, TakesCall.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).doesNotContain("no effect", "3scale meters", "is empty");
			});
	}

	@Test
	void whenTheApplicationTellsUsageItselfThenHandlersAreItsOwnBusiness(CapturedOutput output) {
		this.mvc.withBean(UsageResolver.class, () -> (handler, request, path) -> null)
			.withPropertyValues("threescale.rules[0].pattern=/elsewhere")
			.withUserConfiguration(TakesCall.class)
			.run((context) -> assertThat(output).doesNotContain("is empty")
				.containsOnlyOnce("no effect")
				.contains("Property 'threescale.rules' has no effect, as the application has a UsageResolver"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					threescale.prediction.guard=0.1             | threescale.prediction               | as 'threescale.mode' is not 'predictive'                   | threescale.mode=predictive
					threescale.reporting.flush-interval=1s      | threescale.reporting.flush-interval | as 'threescale.mode' is not 'predictive'                   | threescale.mode=Predictive
					threescale.fleet.key-prefix=other           | threescale.fleet.key-prefix         | as 'threescale.fleet.mode' is not 'redis'                  |
					threescale.fleet.secret=hidden              | threescale.fleet.secret             | as 'threescale.fleet.mode' is not 'redis'                  |
					threescale.anonymous.app-id=shared          | threescale.anonymous.app-id         | as 'threescale.anonymous.policy' is not 'share'            | threescale.anonymous.policy=share
					threescale.anonymous.user-key=hidden        | threescale.anonymous.user-key       | as 'threescale.anonymous.policy' is not 'share'            | threescale.anonymous.policy=share
					threescale.lint.application.user-key=hidden | threescale.lint.application         | as 'threescale.lint.mode' is 'off'                         |
					threescale.credentials.cookie.user-key=key  | threescale.credentials.cookie       | as 'threescale.credentials.sources' does not name 'cookie' | threescale.credentials.sources=header,cookie
					""")
	void whenAnotherPropertyKeepsOneFromBeingReadThenSaysSo(String property, String name, String reason,
			@Nullable String cure, CapturedOutput output) {
		this.mvc.withPropertyValues(property)
			.run((context) -> assertThat(output)
				.containsOnlyOnce("Property '" + name + "' has no effect, " + reason + ".")
				.doesNotContain("hidden"));
		if (cure != null) {
			this.mvc.withPropertyValues(property, cure)
				.run((context) -> assertThat(output).containsOnlyOnce("' has no effect"));
		}
	}

	@Test
	void whenPropertiesAreBlankOrAnotherClientReadsThemNotThenSaysNothingFalse(CapturedOutput output) {
		this.mvc
			.withPropertyValues("threescale.prediction=", "threescale.fleet.secret=${ABSENT:}",
					"threescale.on-ineffective=fail")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("no effect");
		this.mvc
			.withPropertyValues("threescale.fleet.mode=redis", "threescale.fleet.secret=hidden",
					"threescale.on-ineffective=fail")
			.withBean(ReactiveThreeScaleClient.class, () -> Mockito.mock(ReactiveThreeScaleClient.class))
			.run((context) -> assertThat(output).containsOnlyOnce("no effect")
				.contains("Property 'threescale.fleet' has no effect, as the application has a "
						+ "ReactiveThreeScaleClient of its own."));
	}

	@Test
	void whenLastKnownIsNotThePolicyThenItsBoundHasNoEffect(CapturedOutput output) {
		this.mvc
			.withPropertyValues("threescale.mode=predictive", "threescale.prediction.last-known-for=2h",
					"threescale.services.Maps_2.service-id=7", "threescale.services.Maps_2.service-token=t",
					"threescale.services.Maps_2.credentials.sources=basic",
					"threescale.services.Maps_2.credentials.query.user-key=key")
			.run((context) -> assertThat(output).contains(
					"Property 'threescale.prediction.last-known-for' has no effect, as 'threescale.failure-policy' is "
							+ "not 'last-known'.",
					"Property 'threescale.services.Maps_2.credentials.query' has no effect"));
	}

	@Test
	void whenBeansAreLazyThenIsSaidAllTheSame(CapturedOutput output) {
		SpringApplication application = new SpringApplication(LazyApplication.class);
		application.setLazyInitialization(true);
		try (ConfigurableApplicationContext context = application.run("--threescale.service-id=4711",
				"--threescale.service-token=token", "--server.port=0", "--server.address=127.0.0.1")) {
			assertThat(context.getBeanFactory().containsSingleton("annotated")).isFalse();
			assertThat(context.getBeanFactory().containsSingleton("threeScaleCurrentCallAccessor")).isTrue();
			assertThat(output).contains(no("Annotated.search(String)", ""), "3scale meters 1 controller methods");
		}
	}

	private static String no(String name, String reason) {
		return "@ThreeScaleMetered on " + MeteringStartTests.class.getName() + "$" + name + " has no effect: it "
				+ (reason.isEmpty() ? "" : "handles no web requests, and " + reason);
	}

	interface Inherited {

		@ThreeScaleMetered("inherited")
		String inherited();

	}

	@RestController
	static class Right implements Inherited {

		@GetMapping("/found")
		@ThreeScaleMetered
		String metered(MeteredCall call) {
			return "found";
		}

		@Override
		@GetMapping("/inherited")
		public String inherited() {
			return "inherited";
		}

		@GetMapping("/ruled/{id}")
		String ruled(MeteredCall call) {
			return "ruled";
		}

		@GetMapping("/other/{id}")
		String otherRuled(Authorization authorization) {
			return "ruled";
		}

		@GetMapping("/health")
		@ThreeScaleUnmetered
		String health() {
			return "up";
		}

	}

	@RestController
	@ThreeScaleMetered
	static class MeteredController {

		@GetMapping("/class")
		String handler() {
			return "found";
		}

		String helper() {
			return "";
		}

	}

	@RestController
	static class Found {

		@GetMapping("/found")
		@ThreeScaleMetered
		String found() {
			return "found";
		}

	}

	@RestController
	static class Mixed {

		@GetMapping("/found")
		@ThreeScaleMetered
		String metered() {
			return "found";
		}

		@ThreeScaleMetered
		String helper() {
			return "";
		}

		@ExceptionHandler
		@ThreeScaleMetered
		HttpStatus failed() {
			return HttpStatus.OK;
		}

	}

	@Service
	static class Annotated {

		@ThreeScaleMetered("search")
		public String search(String query) {
			return hidden() + last();
		}

		@ThreeScaleMetered
		private String hidden() {
			return "";
		}

		@ThreeScaleMetered
		public final String last() {
			return "";
		}

	}

	@Service
	@ThreeScaleMetered
	static class AnnotatedClass {

		public String search() {
			return "";
		}

	}

	@Service
	@ThreeScaleMetered
	static class Silenced {

		public String search() {
			return "";
		}

		@ThreeScaleUnmetered
		public String silent() {
			return "";
		}

	}

	@Service
	@Scope("prototype")
	static class Prototype {

		@ThreeScaleMetered
		public String search() {
			return "";
		}

	}

	interface Declared {

		String declared();

	}

	@Service
	static class Implementation implements Declared {

		@Override
		@ThreeScaleMetered
		public String declared() {
			return "";
		}

		@ThreeScaleMetered
		public String beside() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Annotated.class)
	static class TooEarly {

		@Bean
		static FirstOfAll early(Annotated annotated) {
			return new FirstOfAll();
		}

	}

	static final class FirstOfAll implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

	}

	@RestController
	static class TakesCall {

		@GetMapping("/take/call")
		String take(MeteredCall call) {
			return "";
		}

	}

	@RestController
	static class TakesAuthorization {

		@GetMapping("/take/authorization")
		String take(Authorization authorization) {
			return "";
		}

	}

	@RestController
	@ThreeScaleMetered
	static class TakesThoughUnmetered {

		@GetMapping("/take/unmetered")
		@ThreeScaleUnmetered
		String take(Authorization.Granted authorization) {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherHandlers implements WebMvcConfigurer {

		@Override
		public void addViewControllers(ViewControllerRegistry registry) {
			registry.addViewController("/view/{name}");
		}

		@Override
		public void addResourceHandlers(ResourceHandlerRegistry registry) {
			registry.addResourceHandler("/files/**").addResourceLocations("file:/nowhere/");
		}

	}

	@SuppressWarnings("serial")
	static class OtherServlet extends HttpServlet {

	}

	@Configuration(proxyBeanMethods = false)
	static class Servlets {

		@Bean
		ServletRegistrationBean<OtherServlet> servlets() {
			return new ServletRegistrationBean<>(new OtherServlet(), "/api/files/*", "/api/one", "/alone/*", "/other/*",
					"*.page");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Functional {

		@Bean
		RouterFunction<ServerResponse> function() {
			return RouterFunctions.route().GET("/function", (request) -> ServerResponse.ok().build()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Annotated.class, Mixed.class })
	static class LazyApplication {

	}

}
