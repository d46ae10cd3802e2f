package io.threescale.spring.observation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.DecisionObserver;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the trace of a request shows of metering, with a real tracer.
 */
class TracingTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
	void shouldShowTheDecisionItsSourceAndTheCallOfTheBackend(WebApplicationType type) {
		try (Application application = Application.start(type, backend, Traced.class, "threescale.mode=predictive",
				"threescale.reporting.flush-interval=1h", "threescale.reporting.shutdown-timeout=0s")) {
			Spans spans = application.bean(Spans.class);
			assertThat(application.get("/search").statusCode()).isEqualTo(200);
			assertThat(application.get("/search").statusCode()).isEqualTo(200);
			backend.denies("user_key_invalid");
			assertThat(application.send("GET", "/search", "user-key", "wrong-key").statusCode()).isEqualTo(403);
			await().until(() -> named(spans, "3scale decision").size() == 3);
			List<MutableSpan> decisions = named(spans, "3scale decision");
			List<MutableSpan> calls = named(spans, "3scale authorize");
			assertThat(decisions.get(0).tags()).containsEntry("outcome", "granted")
				.containsEntry("operation", "Controller.search")
				.containsEntry("plan", "Basic");
			assertThat(decisions.get(0).tag("application")).startsWith("user-key:");
			assertThat(decisions.get(1).tags()).containsEntry("source", "local");
			assertThat(decisions.get(2).tags()).containsEntry("outcome", "denied")
				.containsEntry("source", "backend")
				.containsEntry("reason", "user_key_invalid");
			assertThat(calls).hasSize(2);
			assertThat(calls.get(0).parentId()).isEqualTo(decisions.get(0).id());
			assertThat(calls.get(1).parentId()).isEqualTo(decisions.get(2).id());
			assertThat(decisions).allSatisfy((span) -> assertThat(span.parentId()).isNotNull());
			assertThat(spans.finished.toString()).doesNotContain("key-1", "wrong-key", Backend.SERVICE_TOKEN);
			assertThat(application.bean(MeterRegistry.class).get("threescale.decisions").timers())
				.allSatisfy((timer) -> assertThat(timer.getId().getTag("application")).isNull());
		}
	}

	@Test
	void whenNobodyTracesThenDecisionsAreNotObserved() {
		try (Application application = Application.start(backend, Plain.class)) {
			application.get("/search");
			assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
				.isThrownBy(() -> application.bean(DecisionObserver.class));
			assertThat(application.bean(MeterRegistry.class).find("threescale.decisions").timers()).isEmpty();
		}
	}

	@Test
	void whenThereIsAConventionThenItNamesTheObservation() {
		try (Application application = Application.start(backend, Named.class)) {
			application.get("/search");
			assertThat(
					application.bean(MeterRegistry.class).get("my.decisions").tag("outcome", "granted").timer().count())
				.isEqualTo(1);
		}
	}

	private static List<MutableSpan> named(Spans spans, String name) {
		return spans.finished.stream().filter((span) -> name.equals(span.name())).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Plain {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Named {

		@Bean
		MeteringObservationConvention convention() {
			return new DefaultMeteringObservationConvention() {

				@Override
				public String getName() {
					return "my.decisions";
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Traced {

		@Bean
		Spans spans() {
			return new Spans();
		}

		@Bean
		Tracing tracing(Spans spans) {
			return Tracing.newBuilder().addSpanHandler(spans).build();
		}

		@Bean
		Tracer tracer(Tracing tracing) {
			return new BraveTracer(tracing.tracer(), new BraveCurrentTraceContext(tracing.currentTraceContext()));
		}

		@Bean
		ObservationHandler<?> tracingHandler(Tracer tracer) {
			return new DefaultTracingObservationHandler(tracer);
		}

	}

	/**
	 * Keeps the spans that are over.
	 */
	static final class Spans extends SpanHandler {

		final List<MutableSpan> finished = new CopyOnWriteArrayList<>();

		@Override
		public boolean end(TraceContext context, MutableSpan span, Cause cause) {
			return this.finished.add(span);
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/search")
		@ThreeScaleMetered("search")
		String search() {
			return "found";
		}

	}

}
