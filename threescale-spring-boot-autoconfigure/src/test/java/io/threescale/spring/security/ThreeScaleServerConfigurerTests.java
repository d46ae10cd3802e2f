package io.threescale.spring.security;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.sandbox.SandboxOperation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
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
class ThreeScaleServerConfigurerTests extends AccessRulesTests {

	@Override
	WebApplicationType webStack() {
		return WebApplicationType.REACTIVE;
	}

	@Override
	int unauthenticated() {
		return 401;
	}

	@Override
	Class<?> api() {
		return Api.class;
	}

	@Override
	Class<?> withCsrf() {
		return WithCsrf.class;
	}

	@Override
	Class<?> withoutConfigurer() {
		return WithoutConfigurer.class;
	}

	@Override
	Class<?> unsecured() {
		return Unsecured.class;
	}

	@Override
	Class<?> ownAnswer() {
		return OwnAnswer.class;
	}

	@Override
	Class<?> throwing() {
		return Throwing.class;
	}

	@Test
	void whenMethodAsksForPlanThenOneCallOfTheBackend() {
		assertThat(this.application.get("/basic-method").body()).isEqualTo("hello");
		assertThat(this.application.get("/premium-method").statusCode()).isEqualTo(403);
		assertBackendWasAsked(2);
	}

	@Test
	void whenCallerHangsUpThenChargedOnceWithWhatWasUsedUntilThen() {
		this.application.hangUp("/endless");
		Awaitility.await().untilAsserted(() -> assertThat(this.sandbox.transactions()).hasSize(1));
		assertThat(this.sandbox.usage("key-1", "tokens")).isPositive();
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
	}

	@Test
	void whenAuthenticatedThenWithPlanAndWithoutCredentials() {
		assertThat(this.application.get("/details").body()).isEqualTo("basic null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/added/42", "/returned/42" })
	void whenUsageIsKnownAfterwardsThenChargedOnce(String path) {
		assertThat(this.application.get(path).body()).isEqualTo("42");
		Charges.assertSingle(this.sandbox, Map.of("tokens", 42L));
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
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
	void whenAnotherOriginIsForbiddenThenBackendIsNotAsked() {
		HttpResponse<String> answer = this.application.send("GET", "/functional/hello", "user-key", "key-1", "Origin",
				"http://elsewhere.example");
		assertThat(answer.statusCode()).isIn(401, 403);
		assertBackendWasAsked(0);
	}

	@Test
	void whenPreflightThenNobodyAsksWhatItUses() {
		try (Application broken = start(throwing())) {
			assertThat(broken
				.send("OPTIONS", "/hello", "Origin", "http://known.example", "Access-Control-Request-Method", "GET")
				.statusCode()).isEqualTo(200);
		}
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
	@Import(Api.class)
	static class Throwing {

		@Bean
		UsageResolver usages() {
			return throwingOnce();
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

		@GetMapping(path = "/endless", produces = "text/event-stream")
		@ThreeScaleMetered("tokens")
		Flux<String> endless(MeteredCall call) {
			return Flux.interval(Duration.ofMillis(1)).onBackpressureDrop().map((tick) -> {
				call.add("tokens", 1);
				return "x".repeat(8192);
			});
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
