package io.threescale.spring.security;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.SandboxOperation;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.reactive.config.CorsRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Access rules of WebFlux that know the calling application, and what they cost.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ThreeScaleServerConfigurerTests {

	private Application application;

	private ThreeScaleSandbox sandbox;

	@BeforeAll
	void start() {
		this.application = start(Api.class);
		this.sandbox = this.application.bean(ThreeScaleSandbox.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@BeforeEach
	void reset() {
		this.sandbox.reset();
	}

	private static Application start(Class<?> source, String... properties) {
		return Application.start(WebApplicationType.REACTIVE, source,
				Stream.concat(sandboxed(), Arrays.stream(properties)).toArray(String[]::new));
	}

	private static Stream<String> sandboxed() {
		return Stream.of("threescale.sandbox.enabled=true", "threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[0].metric=hits",
				"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[0].max=2",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.sandbox.services.1001.applications[0].plan=basic",
				"threescale.rules[0].pattern=/functional/*", "threescale.rules[0].metric=hits");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/basic", "/basic-method", "/functional/hello" })
	void whenPlanIsAskedForThenOneCallOfTheBackend(String path) {
		assertThat(this.application.get(path).body()).isEqualTo("hello");
		assertBackendWasAsked(1);
		Charges.assertSingle(this.sandbox, Map.of("hits", 1L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/premium", "/premium-method" })
	void whenPlanIsNotThatThenForbiddenAndChargedAsAdmitted(String path) {
		HttpResponse<String> answer = this.application.get(path);
		assertThat(answer.statusCode()).isEqualTo(403);
		assertThat(answer.body()).doesNotContain("urn:threescale");
		assertBackendWasAsked(1);
		Charges.assertSingle(this.sandbox, Map.of("hits", 1L));
	}

	@ParameterizedTest
	@CsvSource({ "/premium-on-success, 403, false", "/premium-on-refusal, 403, true", "/hello-on-success, 200, true",
			"/failing, 500, false" })
	void whenChargedLaterThenByTheStatusTheCallerGot(String path, int status, boolean charged) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(status);
		this.application.get("/hello-on-success");
		int expected = charged ? 2 : 1;
		Awaitility.await().untilAsserted(() -> assertThat(this.sandbox.transactions()).hasSize(expected));
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(2);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/added/42", "/returned/42" })
	void whenUsageIsKnownAfterwardsThenChargedOnce(String path) {
		assertThat(this.application.get(path).body()).isEqualTo("42");
		Charges.assertSingle(this.sandbox, Map.of("tokens", 42L));
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
	}

	@Test
	void whenKnownByUserKeyThenNameDoesNotTellIt() {
		HttpResponse<String> answer = this.application.get("/who");
		assertThat(answer.body()).matches("ThreeScaleAuthentication user-key:[0-9a-f]{16} \\[PLAN_basic]");
		assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
		assertThat(this.application.get("/details").body()).isEqualTo("basic null");
	}

	@Test
	void whenAuthenticatedByATokenThenUserStaysAndGainsThePlan() {
		String token = ClaimTests.token(ClaimTests.KEY, Map.of("scope", "read"));
		HttpResponse<String> answer = this.application.send("GET", "/who", "Authorization", "Bearer " + token,
				"user-key", "key-1");
		assertThat(answer.body()).startsWith("JwtAuthenticationToken jane ")
			.contains("SCOPE_read")
			.contains("PLAN_basic");
		assertBackendWasAsked(1);
	}

	@Test
	void whenNotMeteredThenNobodyIsAuthenticatedAndBackendIsNotAsked() {
		assertThat(this.application.get("/free").body()).isEqualTo("null");
		assertThat(this.application.get("/nowhere").statusCode()).isEqualTo(404);
		assertThat(this.application.send("DELETE", "/hello", "user-key", "key-1").statusCode()).isEqualTo(405);
		assertBackendWasAsked(0);
	}

	@Test
	void whenAnotherOriginIsForbiddenThenBackendIsNotAsked() {
		HttpResponse<String> answer = this.application.send("GET", "/functional/hello", "user-key", "key-1", "Origin",
				"http://elsewhere.example");
		assertThat(answer.statusCode()).isIn(401, 403);
		assertBackendWasAsked(0);
	}

	@Test
	void whenDeniedThenAnswersAsWithoutAccessRules() {
		List<String> paths = List.of("/hello", "/premium", "/text", "/functional/hello");
		try (Application unsecured = start(Unsecured.class)) {
			for (String path : paths) {
				assertSameAnswer(unsecured, path, "user-key", "unknown");
				assertSameAnswer(unsecured, path);
			}
			assertThat(this.sandbox.transactions()).isEmpty();
			for (int i = 0; i < 2; i++) {
				this.application.get("/hello");
				unsecured.get("/hello");
			}
			for (String path : paths) {
				assertSameAnswer(unsecured, path, "user-key", "key-1");
			}
			assertThat(this.sandbox.transactions()).hasSize(2);
		}
	}

	private void assertSameAnswer(Application unsecured, String path, String... headers) {
		HttpResponse<String> answer = this.application.send("GET", path, headers);
		HttpResponse<String> expected = unsecured.send("GET", path, headers);
		assertThat(answer.statusCode()).isEqualTo(expected.statusCode()).isIn(401, 403, 429);
		assertThat(answer.body()).isEqualTo(expected.body()).contains("urn:threescale:problem:");
		assertThat(expected.headers().map().keySet())
			.allSatisfy((name) -> assertThat(answer.headers().allValues(name)).as(name)
				.hasSameSizeAs(expected.headers().allValues(name)));
		assertThat(answer.headers().allValues("WWW-Authenticate"))
			.isEqualTo(expected.headers().allValues("WWW-Authenticate"));
	}

	@Test
	void whenApplicationAnswersThenThatIsTheAnswerWhateverTheHandlerProduces() {
		try (Application own = start(OwnAnswer.class)) {
			HttpResponse<String> answer = own.send("GET", "/text", "user-key", "unknown");
			assertThat(answer.statusCode()).isEqualTo(402);
			assertThat(answer.body()).isEqualTo("{\"what\":\"mine\"}");
		}
	}

	@Test
	void whenCsrfIsOnThenItComesFirstAndCostsNothing() {
		try (Application own = start(WithCsrf.class)) {
			assertThat(own.send("POST", "/hello", "user-key", "key-1").statusCode()).isEqualTo(403);
			assertThat(own.get("/hello").statusCode()).isEqualTo(200);
			assertThat(own.bean(ThreeScaleSandbox.class).transactions()).hasSize(1);
		}
	}

	@Test
	void whenMeteringIsOffThenRulesStandAlone() {
		try (Application off = Application.start(WebApplicationType.REACTIVE, Api.class, "threescale.enabled=false")) {
			assertThat(off.get("/hello").body()).isEqualTo("hello");
			assertThat(off.get("/premium").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void whenChainDoesNotAskForItThenRulesComeFirstAndCostNothing() {
		try (Application plain = start(WithoutConfigurer.class)) {
			assertThat(plain.get("/premium").statusCode()).isEqualTo(401);
			ThreeScaleSandbox sandbox = plain.bean(ThreeScaleSandbox.class);
			assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isZero();
			assertThat(plain.get("/hello").body()).isEqualTo("hello");
			assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(1);
		}
	}

	private void assertBackendWasAsked(int times) {
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(times);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isZero();
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isZero();
	}

	private static ServerHttpSecurity rules(ServerHttpSecurity http) {
		return http
			.authorizeExchange((exchanges) -> exchanges.pathMatchers("/basic", "/functional/*")
				.hasAuthority("PLAN_basic")
				.pathMatchers("/premium", "/premium-on-*")
				.hasAuthority("PLAN_premium")
				.pathMatchers("/who")
				.authenticated()
				.anyExchange()
				.permitAll())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebFluxSecurity
	@EnableReactiveMethodSecurity
	@Import(Controller.class)
	static class Secured implements WebFluxConfigurer {

		@Bean
		ReactiveJwtDecoder decoder() {
			return NimbusReactiveJwtDecoder.withSecretKey(ClaimTests.KEY).macAlgorithm(MacAlgorithm.HS256).build();
		}

		@Bean
		RouterFunction<ServerResponse> functional() {
			return RouterFunctions.route()
				.GET("/functional/{word}", (request) -> ServerResponse.ok().bodyValue(request.pathVariable("word")))
				.build();
		}

		@Override
		public void addCorsMappings(CorsRegistry registry) {
			registry.addMapping("/**").combine(new CorsConfiguration()).allowedOrigins("http://known.example");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Secured.class)
	static class Api {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http, ThreeScaleServerConfigurer threeScale) {
			return rules(threeScale.configure(http)).csrf((csrf) -> csrf.disable()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Secured.class)
	static class WithCsrf {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http, ThreeScaleServerConfigurer threeScale) {
			return rules(threeScale.configure(http)).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Secured.class)
	static class WithoutConfigurer {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return rules(http).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Secured.class)
	static class Unsecured {

		@Bean
		SecurityWebFilterChain chain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll()).build();
		}

	}

	@RestControllerAdvice
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class OwnAnswer {

		@ExceptionHandler
		ResponseEntity<Map<String, String>> answer(MeteringException ex) {
			return ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED).body(Map.of("what", "mine"));
		}

	}

	@RestController
	static class Controller {

		@GetMapping({ "/hello", "/basic", "/premium" })
		@ThreeScaleMetered
		Mono<String> hello() {
			return Mono.just("hello");
		}

		@PostMapping("/hello")
		@ThreeScaleMetered
		Mono<String> post() {
			return Mono.just("posted");
		}

		@GetMapping("/basic-method")
		@ThreeScaleMetered
		@PreAuthorize("hasAuthority('PLAN_basic')")
		Mono<String> basicMethod() {
			return Mono.just("hello");
		}

		@GetMapping("/premium-method")
		@ThreeScaleMetered
		@PreAuthorize("hasAuthority('PLAN_premium')")
		Mono<String> premiumMethod() {
			return Mono.just("hello");
		}

		@GetMapping("/who")
		@ThreeScaleMetered
		String who(Authentication authentication) {
			return authentication.getClass().getSimpleName() + " " + authentication.getName() + " "
					+ AuthorityUtils.authorityListToSet(authentication.getAuthorities());
		}

		@GetMapping("/details")
		@ThreeScaleMetered
		String details(ThreeScaleAuthentication authentication) {
			return authentication.getDetails().plan() + " " + authentication.getCredentials();
		}

		@GetMapping("/free")
		Mono<String> free(Mono<Authentication> authentication) {
			return authentication.map(Authentication::getName).defaultIfEmpty("null");
		}

		@GetMapping("/added/{units}")
		@ThreeScaleMetered("tokens")
		Mono<String> added(@PathVariable long units, MeteredCall call) {
			return Mono.fromSupplier(() -> String.valueOf(call.add("tokens", units).isDone() ? -1 : units));
		}

		@GetMapping("/returned/{units}")
		@ThreeScaleMetered(metric = "tokens", units = "#result")
		Mono<Long> returned(@PathVariable long units) {
			return Mono.just(units);
		}

		@GetMapping("/failing")
		@ThreeScaleMetered(chargeOn = "success")
		Mono<String> failing() {
			return Mono.error(new IllegalStateException("The handler fails"));
		}

		@GetMapping(path = "/text", produces = "text/plain")
		@ThreeScaleMetered
		Mono<String> text() {
			return Mono.just("text");
		}

		@GetMapping({ "/premium-on-success", "/hello-on-success" })
		@ThreeScaleMetered(chargeOn = "success")
		Mono<String> onSuccess() {
			return Mono.just("hello");
		}

		@GetMapping("/premium-on-refusal")
		@ThreeScaleMetered(chargeOn = "403")
		Mono<String> onRefusal() {
			return Mono.just("hello");
		}

	}

}
