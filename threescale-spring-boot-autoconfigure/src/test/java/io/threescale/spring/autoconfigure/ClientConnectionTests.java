package io.threescale.spring.autoconfigure;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.fixture.Certificate;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the application gets through to the backend.
 */
class ClientConnectionTests {

	private static final Path KEY_STORE = Certificate.of("backend").keyStore();

	@RegisterExtension
	static final Backend backend = new Backend(WireMockConfiguration.options()
		.dynamicHttpsPort()
		.keystorePath(KEY_STORE.toString())
		.keystoreType("PKCS12")
		.keystorePassword(Certificate.PASSWORD)
		.keyManagerPassword(Certificate.PASSWORD));

	@Test
	void whenBundleThenBoundsOfTheConnectionHoldAllTheSame() {
		try (Application application = secure("threescale.connection.ssl.bundle=backend",
				"threescale.connection.response-timeout=200ms")) {
			backend.answers(Backend.granted().withFixedDelay(1500));
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			backend.answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			backend.answers(aResponse().withStatus(302).withHeader("Location", backend.httpsUrl() + "/elsewhere"));
			assertThat(application.get("/hello").statusCode()).isEqualTo(503);
			assertThat(backend.requests()).hasSize(3);
		}
	}

	@Test
	void whenCustomizersThenOursTouchesOursAndTheirsTheirs() {
		try (Application application = Application.start(backend, Customized.class)) {
			HttpResponse<String> answer = application.get("/hello");
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(backend.requests()).singleElement().satisfies((request) -> {
				assertThat(request.getHeader("X-Ours")).isEqualTo("yes");
				assertThat(request.containsHeader("X-Theirs")).isFalse();
			});
			application.bean(WebClient.Builder.class)
				.build()
				.get()
				.uri(backend.url() + "/theirs")
				.retrieve()
				.toBodilessEntity()
				.block();
			assertThat(backend.requests()).anySatisfy((request) -> {
				assertThat(request.getUrl()).isEqualTo("/theirs");
				assertThat(request.containsHeader("X-Ours")).isFalse();
				assertThat(request.getHeader("X-Theirs")).isEqualTo("yes");
			});
			assertThat(application.bean(Customized.class).seen).singleElement()
				.asString()
				.endsWith("/transactions/authrep.xml");
		}
	}

	private static Application secure(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("threescale.url=" + backend.httpsUrl(), "threescale.service-id=4711",
				"threescale.service-token=token-0815", "spring.ssl.bundle.jks.backend.truststore.type=PKCS12",
				"spring.ssl.bundle.jks.backend.truststore.location=" + KEY_STORE.toUri(),
				"spring.ssl.bundle.jks.backend.truststore.password=" + Certificate.PASSWORD));
		return Application.start(Api.class, all.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class Customized {

		final List<String> seen = new CopyOnWriteArrayList<>();

		@Bean
		ThreeScaleWebClientCustomizer ours() {
			return (builder) -> builder.defaultHeader("X-Ours", "yes").filter((request, next) -> {
				this.seen.add(request.url().toString());
				return next.exchange(request);
			});
		}

		@Bean
		WebClientCustomizer theirs() {
			return (builder) -> builder.defaultHeader("X-Theirs", "yes");
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
