package io.threescale.spring.metering;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.fixture.SearchController;
import io.threescale.spring.metering.event.ApplicationDeniedEvent;
import io.threescale.spring.metering.event.BackendAvailabilityEvent;
import io.threescale.spring.metering.event.LimitShareReachedEvent;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What listeners of an application hear of its callers and of 3scale.
 */
class EventTests {

	private static final String[] SANDBOX = { "threescale.sandbox.enabled=true",
			"threescale.sandbox.services.1001.metrics=search",
			"threescale.sandbox.services.1001.plans.basic.limits[0].metric=search",
			"threescale.sandbox.services.1001.plans.basic.limits[0].period=month",
			"threescale.sandbox.services.1001.plans.basic.limits[0].max=40",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1",
			"threescale.sandbox.services.1001.applications[0].plan=basic" };

	@RegisterExtension
	static final Backend backend = new Backend();

	@ParameterizedTest
	@CsvSource({ "threescale.mode=strict, 0.8, 32",
			"'threescale.mode=predictive threescale.events.limit-shares=0.5,1', 0.5, 20" })
	void shouldTellOnceAPeriodThatALimitIsNearReachedAndExceeded(String properties, double share, int calls) {
		try (Application application = Application.start(Limited.class,
				StringUtils.concatenateStringArrays(SANDBOX, properties.split(" ")))) {
			String name = application.bean(ApplicationNames.class).of(ApplicationCredentials.userKey("key-1"));
			List<Object> heard = application.bean(Api.Listener.class).heard;
			call(application, calls - 1);
			assertThat(heard).isEmpty();
			call(application, 44 - calls);
			await().until(() -> heard.size() == 3);
			assertThat(heard.stream().filter(LimitShareReachedEvent.class::isInstance))
				.extracting("share", "applicationName", "limit.metric", "limit.maxValue")
				.containsExactlyInAnyOrder(tuple(share, name, "search", 40L), tuple(1.0, name, "search", 40L));
			ApplicationDeniedEvent denied = heard.stream()
				.filter(ApplicationDeniedEvent.class::isInstance)
				.map(ApplicationDeniedEvent.class::cast)
				.findFirst()
				.orElseThrow();
			assertThat(denied.application()).isEqualTo(ApplicationCredentials.userKey("key-1"));
			assertThat(denied.limit().currentValue()).isEqualTo(40);
			assertThat(denied.toString()).doesNotContain("key-1");
			ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
			assertThat(sandbox.usage("key-1", "search")).isLessThanOrEqualTo(40);
			heard.clear();
			sandbox.advance(Duration.ofDays(31));
			call(application, calls);
			await().until(() -> !heard.isEmpty());
			assertThat(heard).singleElement().extracting("share").isEqualTo(share);
		}
	}

	private static void call(Application application, int times) {
		for (int i = 0; i < times; i++) {
			application.get("/search");
		}
	}

	@Test
	void shouldTellThatThreeScaleGoesAwayAndComesBack() {
		try (Application application = Application.start(backend, Api.class)) {
			List<Object> heard = application.bean(Api.Listener.class).heard;
			application.get("/search");
			backend.answers(WireMock.aResponse().withStatus(502));
			for (int i = 0; i < 5; i++) {
				application.get("/search");
			}
			await().until(() -> !heard.isEmpty());
			backend.answers(Backend.granted());
			application.get("/search");
			application.get("/search");
			await().until(() -> heard.size() > 1);
			assertThat(heard).extracting("service", "available")
				.containsExactly(tuple("default", false), tuple("default", true));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class Limited {

		@Bean
		Clock threeScaleClock(ThreeScaleSandbox sandbox) {
			return sandbox.clock();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ SearchController.class, Api.Listener.class })
	static class Api {

		static class Listener {

			final List<Object> heard = new CopyOnWriteArrayList<>();

			@EventListener({ LimitShareReachedEvent.class, ApplicationDeniedEvent.class,
					BackendAvailabilityEvent.class })
			void hear(Object event) {
				this.heard.add(event);
			}

		}

	}

}
