package io.threescale.spring.observation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleTemplate;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What log lines of the application tell of the metered call they are written in.
 */
class LogFieldsTests {

	private static final Logger logger = (Logger) LoggerFactory.getLogger(LogFieldsTests.class);

	private static final String[] PROPERTIES = { "threescale.logging.mdc=true", "threescale.sandbox.enabled=true",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1",
			"threescale.sandbox.services.1001.applications[0].plan=basic",
			"threescale.sandbox.services.1001.plans.basic.limits[0].metric=hits",
			"threescale.sandbox.services.1001.plans.basic.limits[0].period=day",
			"threescale.sandbox.services.1001.plans.basic.limits[0].max=100", "server.tomcat.threads.max=1",
			"server.tomcat.threads.min-spare=1", "spring.task.execution.pool.core-size=1",
			"spring.task.execution.pool.max-size=1" };

	private final Lines lines = new Lines();

	private Application application;

	/** What the lines were written with. */
	private static final class Lines extends AppenderBase<ILoggingEvent> {

		private final Map<String, Map<String, String>> fields = new TreeMap<>();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		@Override
		protected synchronized void append(ILoggingEvent event) {
			this.fields.put(event.getFormattedMessage(), Map.copyOf(event.getMDCPropertyMap()));
			this.threads.add(event.getThreadName());
		}

		synchronized Map<String, String> of(String line) {
			return this.fields.getOrDefault(line, Map.of("missing", line));
		}

	}

	private void start(WebApplicationType type, Class<?> source, String... properties) {
		this.application = Application.start(type, source, StringUtils.concatenateStringArrays(PROPERTIES, properties));
		this.lines.start();
		logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		logger.detachAppender(this.lines);
		this.application.close();
		Hooks.disableAutomaticContextPropagation();
	}

	private Map<String, String> expected(String decision) {
		String name = this.application.bean(ApplicationNames.class).of(ApplicationCredentials.userKey("key-1"));
		return Map.of("threescale.application", name, "threescale.service", "1001", "threescale.plan", "basic",
				"threescale.decision", decision);
	}

	@Test
	void whenACallIsMeteredThenItsLinesTellOfItAndTheNextOnTheThreadDoNot() {
		start(WebApplicationType.SERVLET, Servlet.class);
		for (String path : List.of("metered", "failing", "later", "callable", "template")) {
			assertThat(this.application.get("/" + path).statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(this.lines.of(path)).isEqualTo(expected("granted")));
			this.lines.fields.clear();
			assertThat(this.application.send("GET", "/free").statusCode()).isEqualTo(200);
			assertThat(this.application.send("GET", "/free-callable").statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(this.lines.fields).containsEntry("free", Map.of())
				.containsEntry("free callable", Map.of())
				.containsEntry("after /free", Map.of()));
		}
		assertThat(this.lines.threads).allMatch((thread) -> thread.contains("-exec-1") || thread.startsWith("task-"));
	}

	@Test
	void whenACallGoesThroughSeveralDispatchesThenAllLinesTellOfIt() {
		start(WebApplicationType.SERVLET, Servlet.class);
		for (String path : List.of("metered", "later", "callable")) {
			assertThat(this.application.get("/" + path).statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(this.lines.of("after /" + path)).isEqualTo(expected("granted")));
		}
		assertThat(this.lines.of("outside /metered")).isEmpty();
		this.application.bean(AsyncTaskExecutor.class).execute(() -> logger.info("task"));
		await().untilAsserted(() -> assertThat(this.lines.of("task")).isEmpty());
		assertThat(this.application.send("GET", "/part").statusCode()).isEqualTo(200);
		await().untilAsserted(() -> assertThat(this.lines.of("after work")).isEmpty());
		assertThat(this.lines.of("work")).isEqualTo(expected("granted"));
	}

	@Test
	void whenNothingIsEnforcedThenLinesTellWhatWouldHaveBeenDecided() {
		start(WebApplicationType.SERVLET, Servlet.class, "threescale.enforcement=shadow");
		assertThat(this.application.send("GET", "/metered").statusCode()).isEqualTo(200);
		assertThat(this.lines.of("metered"))
			.isEqualTo(Map.of("threescale.service", "1001", "threescale.decision", "would-deny"));
	}

	@Test
	void whenSwitchedOffThenLinesTellNothing() {
		start(WebApplicationType.SERVLET, Servlet.class, "threescale.logging.mdc=false");
		assertThat(this.application.get("/metered").statusCode()).isEqualTo(200);
		assertThat(this.lines.of("metered")).isEmpty();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenThreadsAreVirtualThenLinesTellOfTheCallAsWell() {
		start(WebApplicationType.SERVLET, Servlet.class, "spring.threads.virtual.enabled=true");
		for (String path : List.of("metered", "callable")) {
			assertThat(this.application.get("/" + path).statusCode()).isEqualTo(200);
			await().untilAsserted(() -> assertThat(this.lines.of("after /" + path)).isEqualTo(expected("granted")));
			assertThat(this.lines.of(path)).isEqualTo(expected("granted"));
		}
		assertThat(this.application.send("GET", "/free").statusCode()).isEqualTo(200);
		await().untilAsserted(() -> assertThat(this.lines.of("after /free")).isEmpty());
	}

	@Test
	void whenContextIsPropagatedThenLinesOfReactiveCallsTellOfThem() {
		start(WebApplicationType.REACTIVE, Reactive.class, "spring.reactor.context-propagation=auto");
		for (int i = 0; i < 3; i++) {
			for (String path : List.of("metered", "later")) {
				assertThat(this.application.get("/" + path).statusCode()).isEqualTo(200);
				assertThat(this.lines.of(path)).isEqualTo(expected("granted"));
				this.lines.fields.clear();
				assertThat(this.application.send("GET", "/free").statusCode()).isEqualTo(200);
				assertThat(this.lines.of("free")).isEmpty();
			}
		}
	}

	@RestController
	@EnableAutoConfiguration
	static class Api {

		@GetMapping("/metered")
		@ThreeScaleMetered
		String metered() {
			logger.info("metered");
			return "done";
		}

		@GetMapping("/later")
		@ThreeScaleMetered
		Mono<String> later() {
			return Mono.just("done").doOnNext((result) -> logger.info("later"));
		}

		@GetMapping("/free")
		String free() {
			logger.info("free");
			return "done";
		}

	}

	@RestController
	@EnableAutoConfiguration
	static class Reactive extends Api {

		@Override
		@GetMapping("/later")
		@ThreeScaleMetered
		Mono<String> later() {
			return Mono.fromFuture(() -> CompletableFuture.supplyAsync(() -> "done"))
				.doOnNext((result) -> logger.info("later"));
		}

	}

	@Import(AfterCompletion.class)
	static class Servlet extends Api {

		private final ThreeScaleTemplate template;

		Servlet(ThreeScaleTemplate template) {
			this.template = template;
		}

		@GetMapping("/failing")
		@ThreeScaleMetered
		String failing() {
			throw new UnsupportedOperationException();
		}

		@ExceptionHandler
		String failed(UnsupportedOperationException ex) {
			logger.info("failing");
			return "failed";
		}

		@GetMapping("/callable")
		@ThreeScaleMetered
		Callable<String> callable() {
			return () -> {
				logger.info("callable");
				return "done";
			};
		}

		@GetMapping("/free-callable")
		Callable<String> freeCallable() {
			return () -> {
				logger.info("free callable");
				return "done";
			};
		}

		@GetMapping("/template")
		String template() {
			this.template.metered(ApplicationCredentials.userKey("key-1"), Usage.HIT, () -> {
				logger.info("template");
				return "done";
			});
			return "done";
		}

		@GetMapping("/part")
		String part() {
			this.template.metered(ApplicationCredentials.userKey("key-1"), Usage.HIT, () -> {
				logger.info("work");
				return "done";
			});
			logger.info("after work");
			return "done";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AfterCompletion {

		@Bean
		FilterRegistrationBean<Filter> outside() {
			FilterRegistrationBean<Filter> outside = new FilterRegistrationBean<>((request, response, chain) -> {
				chain.doFilter(request, response);
				logger.info("outside " + ((HttpServletRequest) request).getRequestURI());
			});
			outside.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return outside;
		}

		@Bean
		WebMvcConfigurer interceptors() {
			return new WebMvcConfigurer() {

				@Override
				public void addInterceptors(InterceptorRegistry registry) {
					registry.addInterceptor(new HandlerInterceptor() {

						@Override
						public void afterCompletion(HttpServletRequest request, HttpServletResponse response,
								Object handler, Exception ex) {
							logger.info("after " + request.getRequestURI());
						}

					});
				}

			};
		}

	}

}
