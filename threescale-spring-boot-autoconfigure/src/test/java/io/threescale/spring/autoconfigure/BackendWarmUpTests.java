package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.method.MethodCredentialsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the backend is asked before the first call.
 */
class BackendWarmUpTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@Test
	void whenCallsAreMeteredThenItIsAskedOnceForWhatCountsNothing() {
		try (Application application = Application.start(backend, Metered.class)) {
			await().untilAsserted(() -> assertThat(urls()).containsExactly("/status"));
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			assertThat(urls()).hasSize(2).last().asString().startsWith("/transactions/authrep.xml");
			await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("threescale-warm-up"));
		}
	}

	@Test
	void whenItDoesNotAnswerThenTheApplicationStartsAllTheSame() {
		backend.answers(aResponse().withFixedDelay(60_000));
		try (Application application = Application.start(backend, Metered.class,
				"threescale.connection.response-timeout=60s", "threescale.connection.total-timeout=60s")) {
			backend.answers(Backend.granted());
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void whenItFailsThenTheApplicationStartsAllTheSame() {
		backend.answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
		try (Application application = Application.start(backend, Metered.class)) {
			backend.answers(Backend.granted());
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void whenARuleMetersThenItIsAsked() {
		try (Application application = Application.start(backend, Unmetered.class,
				"threescale.rules[0].pattern=/hello")) {
			await().untilAsserted(() -> assertThat(urls()).containsExactly("/status"));
			assertThat(application.send("GET", "/hello").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void whenABeanIsMeteredThenItIsAsked() {
		try (Application application = Application.start(backend, MeteredBean.class,
				"threescale.advisor.enabled=true")) {
			assertThat(application.bean(MeteredBean.Importer.class)).isNotNull();
			assertThat(urls()).containsExactly("/status");
		}
	}

	@Test
	void whenNothingIsMeteredThenItIsNotAsked() {
		nothingIsAsked(Unmetered.class);
	}

	@Test
	void whenInitializationIsLazyThenItIsNotAsked() {
		nothingIsAsked(Metered.class, "spring.main.lazy-initialization=true");
	}

	@Test
	void whenItIsATestThenItIsNotAsked() {
		nothingIsAsked(Tested.class);
	}

	/** What is asked is asked within the start. */
	private static void nothingIsAsked(Class<?> source, String... properties) {
		try (Application application = Application.start(backend, source, properties)) {
			assertThat(application.get("/hello").statusCode()).isEqualTo(200);
			assertThat(urls()).doesNotContain("/status");
		}
	}

	private static List<String> urls() {
		return backend.requests().stream().map(LoggedRequest::getUrl).toList();
	}

	/**
	 * Spring Boot's support of tests is on the class path, so that all are tests.
	 */
	@Configuration(proxyBeanMethods = false)
	static class NoTest {

		@Bean
		static BeanFactoryPostProcessor withoutFilterOfTests() {
			return (beans) -> Stream.of(beans.getBeanNamesForType(TypeExcludeFilter.class))
				.forEach(((DefaultListableBeanFactory) beans)::destroySingleton);
		}

	}

	@RestController
	@EnableAutoConfiguration
	static class Tested {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

	}

	@Import(NoTest.class)
	static class Metered extends Tested {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ NoTest.class, MeteredBean.Importer.class })
	static class MeteredBean {

		@Bean
		MethodCredentialsResolver resolver() {
			return (invocation) -> null;
		}

		static class Importer {

			@ThreeScaleMetered("imports")
			public void run() {
				// Nobody calls it
			}

		}

	}

	@RestController
	@EnableAutoConfiguration
	@Import(NoTest.class)
	static class Unmetered {

		@GetMapping("/hello")
		String hello() {
			return "hello";
		}

	}

}
