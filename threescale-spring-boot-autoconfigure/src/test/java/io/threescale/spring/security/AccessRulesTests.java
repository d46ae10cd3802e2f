package io.threescale.spring.security;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.metering.UsageResolver;
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

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Access rules that know the calling application, and what they cost, on either web
 * stack.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class AccessRulesTests {

	Application application;

	ThreeScaleSandbox sandbox;

	abstract WebApplicationType webStack();

	/** What a call gets that nobody has authenticated and a rule asks for a plan of. */
	abstract int unauthenticated();

	abstract Class<?> api();

	abstract Class<?> withCsrf();

	abstract Class<?> withoutConfigurer();

	abstract Class<?> unsecured();

	abstract Class<?> ownAnswer();

	/** With a {@link UsageResolver} that throws the first time. */
	abstract Class<?> throwing();

	@BeforeAll
	void start() {
		this.application = start(api());
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

	Application start(Class<?> source, String... properties) {
		return Application.start(webStack(), source,
				Stream.concat(sandboxed(), Arrays.stream(properties)).toArray(String[]::new));
	}

	private static Stream<String> sandboxed() {
		return Stream.of("threescale.sandbox.enabled=true", "threescale.sandbox.services.1001.metrics[0].name=hits",
				"threescale.sandbox.services.1001.metrics[1].name=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[0].metric=hits",
				"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[0].max=2",
				"threescale.sandbox.services.1001.plans.basic.limits[1].metric=tokens",
				"threescale.sandbox.services.1001.plans.basic.limits[1].period=day",
				"threescale.sandbox.services.1001.plans.basic.limits[1].max=1000",
				"threescale.sandbox.services.1001.applications[0].user-key=key-1",
				"threescale.sandbox.services.1001.applications[0].plan=basic",
				"threescale.rules[0].pattern=/functional/*");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/basic", "/functional/hello" })
	void whenPlanIsAskedForThenOneCallOfTheBackend(String path) {
		assertThat(this.application.get(path).body()).isEqualTo("hello");
		assertBackendWasAsked(1);
		Charges.assertSingle(this.sandbox, Map.of("hits", 1L));
	}

	@Test
	void whenPlanIsNotThatThenForbiddenAndChargedAsAdmitted() {
		HttpResponse<String> answer = this.application.get("/premium");
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

	@Test
	void whenNothingIsEnforcedThenRulesRefuseWhoHasNoPlan() {
		try (Application shadow = start(api(), "threescale.enforcement=shadow")) {
			for (int i = 0; i < 3; i++) {
				assertThat(shadow.get("/basic").body()).isEqualTo("hello");
			}
			assertThat(shadow.bean(ThreeScaleSandbox.class).usage("key-1", "hits")).isEqualTo(2);
			assertThat(shadow.send("GET", "/basic", "user-key", "wrong").statusCode()).isEqualTo(403);
			assertThat(shadow.send("GET", "/basic").statusCode()).isBetween(401, 403);
		}
	}

	@Test
	void whenKnownByUserKeyThenNameDoesNotTellItAndIsTheSameAgain() {
		HttpResponse<String> answer = this.application.get("/who");
		assertThat(answer.body()).matches("ThreeScaleAuthentication user-key:[0-9a-f]{16} \\[PLAN_basic]");
		assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
		assertThat(this.application.get("/who").body()).isEqualTo(answer.body());
	}

	@Test
	void whenNotMeteredThenAnonymousAndBackendIsNotAsked() {
		assertThat(this.application.get("/free").body()).isEqualTo("null");
		assertThat(this.application.get("/nowhere").statusCode()).isEqualTo(404);
		assertThat(this.application.send("DELETE", "/hello", "user-key", "key-1").statusCode()).isEqualTo(405);
		assertBackendWasAsked(0);
	}

	@Test
	void whenDeniedThenAnswersAsWithoutAccessRules() {
		List<String> paths = List.of("/hello", "/premium", "/text", "/functional/hello");
		try (Application unsecured = start(unsecured())) {
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
	void whenApplicationAnswersWithABodyThenThatIsTheAnswerWhateverTheHandlerProduces() {
		try (Application own = start(ownAnswer())) {
			HttpResponse<String> answer = own.send("GET", "/text", "user-key", "unknown");
			assertThat(answer.statusCode()).isEqualTo(402);
			assertThat(answer.body()).isEqualTo("{\"what\":\"mine\"}");
		}
	}

	@Test
	void whenMeteringFailsThenNobodyComesPastTheRules() {
		try (Application broken = start(throwing())) {
			assertThat(broken.get("/premium").statusCode()).isEqualTo(500);
			assertThat(broken.get("/premium").statusCode()).isEqualTo(unauthenticated());
		}
	}

	static UsageResolver throwingOnce() {
		AtomicBoolean thrown = new AtomicBoolean();
		return (handler, request, path) -> {
			if (!thrown.getAndSet(true)) {
				throw new IllegalStateException("The resolver fails, on purpose");
			}
			return null;
		};
	}

	@Test
	void whenCsrfIsOnThenItComesFirstAndCostsNothing() {
		try (Application own = start(withCsrf())) {
			assertThat(own.send("POST", "/hello", "user-key", "key-1").statusCode()).isEqualTo(403);
			assertThat(own.get("/hello").statusCode()).isEqualTo(200);
			assertThat(own.bean(ThreeScaleSandbox.class).transactions()).hasSize(1);
		}
	}

	@Test
	void whenMeteringIsOffThenRulesStandAlone() {
		try (Application off = Application.start(webStack(), api(), "threescale.enabled=false")) {
			assertThat(off.get("/hello").body()).isEqualTo("hello");
			assertThat(off.get("/premium").statusCode()).isEqualTo(unauthenticated());
		}
	}

	@Test
	void whenChainDoesNotAskForItThenRulesComeFirstAndCostNothing() {
		try (Application plain = start(withoutConfigurer())) {
			assertThat(plain.get("/premium").statusCode()).isEqualTo(unauthenticated());
			assertThat(plain.get("/free").body()).isEqualTo("null");
			ThreeScaleSandbox sandbox = plain.bean(ThreeScaleSandbox.class);
			assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isZero();
			assertThat(plain.get("/hello").body()).isEqualTo("hello");
			assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(1);
		}
	}

	void assertBackendWasAsked(int times) {
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(times);
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isZero();
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isZero();
	}

}
