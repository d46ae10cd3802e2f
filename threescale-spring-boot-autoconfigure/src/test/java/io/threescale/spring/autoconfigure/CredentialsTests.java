package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which credentials arrive at the backend.
 */
class CredentialsTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@Test
	void whenNothingIsSaidThenUserKeyInHeaderThenQuery() throws IOException {
		try (Application application = Application.start(backend, Api.class)) {
			application.send("GET", "/hello?user_key=query&app_id=id", "user-key", "header", "app-id", "id", "app-key",
					"secret", "Authorization", "Basic dXNlcjpwYXNz", "Cookie", "user_key=cookie");
			application.send("GET", "/hello?user_key=a%20b%2Bc+%C3%BC%26");
			assertThat(application.send("GET", "/hello", "Cookie", "user_key=cookie").statusCode()).isEqualTo(401);
			assertThat(application.send("GET", "/hello?user_key=" + "k".repeat(257)).statusCode()).isEqualTo(401);
			assertThat(raw(application, "/hello?user_key=raw&x=%ZZ")).startsWith("HTTP/1.1 ");
			assertThat(backend.calls().subList(0, 2)).extracting((call) -> call.get("user_key"))
				.containsExactly("header", "a b+c ü&");
			assertThat(backend.calls()).allSatisfy(
					(call) -> assertThat(call).containsKeys("user_key").doesNotContainKeys("app_id", "app_key"));
		}
	}

	@Test
	void whenKindIsAppIdThenIdAndKeyAndNoUserKey() {
		try (Application application = Application.start(backend, Api.class, "threescale.credentials.kind=app-id",
				"threescale.credentials.sources=basic,bearer,cookie,header",
				"threescale.credentials.header.app-id=X-App", "threescale.credentials.cookie.app-key=ck")) {
			application.send("GET", "/hello", "X-App", "id-1", "app-key", "secret-1", "user-key", "key-1");
			application.send("GET", "/hello", "X-App", "id-1", "Cookie", "app_id=id-2; ck=secret-2");
			application.send("GET", "/hello", "X-App", "id-1", "Authorization", "Basic aWQtMzpzZWNyZXQtMw==");
			application.send("GET", "/hello", "X-App", "id-1", "Authorization", "Bearer id-4");
			HttpResponse<String> missing = application.send("GET", "/hello?app_id=id-5", "user-key", "key-1");
			assertThat(missing.statusCode()).isEqualTo(401);
			assertThat(missing.headers().allValues("WWW-Authenticate")).containsExactly(
					"Basic realm=\"api\", charset=\"UTF-8\"", "Bearer realm=\"api\"",
					"APIKey in=\"cookie\", name=\"app_id\"", "APIKey in=\"header\", name=\"X-App\"");
			assertThat(backend.calls()).extracting((call) -> call.get("app_id") + " " + call.get("app_key"))
				.containsExactly("id-1 secret-1", "id-2 secret-2", "id-3 secret-3", "id-4 null");
			assertThat(backend.calls()).allSatisfy((call) -> assertThat(call).doesNotContainKey("user_key"));
		}
	}

	@Test
	void whenOwnResolverThenItComesFirstAndStockOnesFollow() {
		try (Application application = Application.start(backend, OwnResolver.class)) {
			application.send("GET", "/hello", "X-Client", "client-1", "user-key", "key-1");
			application.send("GET", "/hello", "user-key", "key-2");
			assertThat(backend.calls().get(0)).containsEntry("app_id", "client-1").doesNotContainKey("user_key");
			assertThat(backend.calls().get(1)).containsEntry("user_key", "key-2").doesNotContainKey("app_id");
		}
	}

	@Test
	void whenOwnResolverAndNoSourcesThenItIsAlone() {
		try (Application application = Application.start(backend, OwnResolver.class,
				"threescale.credentials.sources=")) {
			HttpResponse<String> answer = application.send("GET", "/hello", "user-key", "key-1");
			assertThat(answer.statusCode()).isEqualTo(401);
			assertThat(answer.headers().allValues("WWW-Authenticate")).isEqualTo(List.of("APIKey"));
			assertThat(backend.calls()).isEmpty();
		}
	}

	@Test
	void whenReferrerIsForwardedThenNotTheOneThatOpensAll() {
		try (Application application = Application.start(backend, Api.class, "threescale.forward-referrer=true")) {
			application.send("GET", "/hello", "user-key", "key-1", "Referer", "https://example.org/?a=b");
			application.send("GET", "/hello", "user-key", "key-1", "Referer", "*");
			application.send("GET", "/hello", "user-key", "key-1");
			assertThat(backend.calls()).extracting((call) -> call.get("referrer"))
				.containsExactly("https://example.org/?a=b", null, null);
		}
	}

	private static String raw(Application application, String path) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", application.port())) {
			socket.getOutputStream()
				.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).doesNotContain("HTTP/1.1 500");
			return answer;
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class OwnResolver {

		@Bean
		CredentialsResolver byClient() {
			return (request) -> {
				String client = request.getHeaders().getFirst("X-Client");
				return (client != null) ? ApplicationCredentials.oauthClient(client) : null;
			};
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

	}

}
