package io.threescale.spring.metering.servlet;

import java.net.http.HttpResponse;
import java.util.List;

import io.threescale.spring.Authorization;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Applications;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of callers without credentials.
 */
class AnonymousCallerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@RegisterExtension
	static final Applications applications = new Applications(backend);

	@Test
	void whenTheyPassThenTheyAreNotMeteredAndOthersAre() {
		Application application = start("threescale.anonymous.policy=pass");
		assertThat(application.send("GET", "/plan").body()).isEqualTo("none");
		assertThat(backend.calls()).isEmpty();
		assertThat(application.get("/plan").body()).isEqualTo("Basic");
	}

	@Test
	void whenTheyShareAnApplicationThenItIsMeteredAndOthersAreThemselves() {
		Application application = start("threescale.anonymous.policy=share", "threescale.anonymous.user-key=all");
		assertThat(application.send("GET", "/plan").body()).isEqualTo("Basic");
		application.get("/plan");
		assertThat(backend.calls()).extracting((call) -> call.get("user_key")).containsExactly("all", "key-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pass", "share" })
	void whenCredentialsAreHalfThenTheyAreWrong(String policy) {
		Application application = start("threescale.anonymous.policy=" + policy, "threescale.anonymous.app-id=all",
				"threescale.credentials.kind=app-id",
				"threescale.credentials.sources=header,query,cookie,basic,bearer");
		assertUnauthorized(application, "/plan", "app-key", "secret-1");
		assertUnauthorized(application, "/plan", "app-key", "secret-1", "app-id", "");
		assertUnauthorized(application, "/plan", "app-key", "secret-1", "app-id", " ");
		assertUnauthorized(application, "/plan", "app-id", "x".repeat(257));
		assertUnauthorized(application, "/plan", "app-id", "id-1", "app-key", "x".repeat(257));
		assertUnauthorized(application, "/plan?app_key=secret-1");
		assertUnauthorized(application, "/plan?app_key=secret-1&app_id=");
		assertUnauthorized(application, "/plan?app_key=secret-1&app_id=%00");
		assertUnauthorized(application, "/plan", "Cookie", "app_key=secret-1");
		assertUnauthorized(application, "/plan", "Authorization", "Basic OnNlY3JldC0x");
		assertUnauthorized(application, "/plan", "Authorization", "Basic !!!");
		assertUnauthorized(application, "/plan", "Authorization", "Bearer " + "x".repeat(257));
		assertThat(backend.calls()).isEmpty();
		assertThat(application.send("GET", "/plan", "app-key", "secret-1", "Cookie", "app_id=id-1").statusCode())
			.isEqualTo(200);
		assertThat(backend.calls()).extracting((call) -> call.get("app_id")).containsExactly("id-1");
	}

	@ParameterizedTest
	@CsvSource({ "/plan, app-id", "/plan?app_id=, other", "/plan?app_id=%00, other" })
	void whenCredentialsAreEmptyThenThereAreNone(String path, String header) {
		Application application = start("threescale.anonymous.policy=share", "threescale.anonymous.app-id=all",
				"threescale.credentials.kind=app-id");
		assertThat(application.send("GET", path, header, "").statusCode()).isEqualTo(200);
		assertThat(backend.calls()).extracting((call) -> call.get("app_id")).containsExactly("all");
	}

	private static void assertUnauthorized(Application application, String path, String... headers) {
		HttpResponse<String> answer = application.send("GET", path, headers);
		assertThat(answer.statusCode()).as(path + " " + List.of(headers)).isEqualTo(401);
		assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(5);
		assertThat(answer.body()).doesNotContain("secret-1");
	}

	@Test
	void whenTheSharedApplicationIsNotNamedThenDoesNotStart() {
		assertThatThrownBy(() -> start("threescale.anonymous.policy=share")).rootCause()
			.hasMessageContaining("threescale.anonymous.policy");
	}

	private static Application start(String... properties) {
		return applications.get(Api.class, properties);
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/plan")
		@ThreeScaleMetered
		String plan(Authorization authorization) {
			String plan = authorization.plan();
			return (plan != null) ? plan : "none";
		}

	}

}
