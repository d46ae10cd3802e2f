package io.threescale.spring.metering;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.problem.MeteringException;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.DefaultAdvisorAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.Ordered;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the class of a controller says counts, behind any kind of proxy.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ProxiedControllerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	private Application application;

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@BeforeAll
	void start() {
		this.application = Application.start(webStack(), backend, Api.class, "spring.aop.proxy-target-class=false",
				"threescale.rules[0].pattern=/rule/**", "threescale.rules[0].metric=rule");
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@Test
	void shouldTestProxies() {
		List.of(Metered.class, Generic.class, Scoped.class).forEach((type) -> {
			Object controller = this.application.bean(type);
			assertThat(Proxy.isProxyClass(controller.getClass())).isTrue();
		});
	}

	@ParameterizedTest
	@CsvSource({ "/method, method", "/class, class", "/generic/7, generic", "/scoped, scoped", "/rule/ruled, rule" })
	void shouldChargeWhatTheClassSays(String path, String metric) {
		assertThat(this.application.send("GET", path).statusCode()).isEqualTo(401);
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		assertThat(backend.usages()).containsExactly(Map.of(metric, "1"));
	}

	@Test
	void shouldMeasureWhatTheClassReturns() {
		assertThat(this.application.get("/measured").statusCode()).isEqualTo(200);
		org.awaitility.Awaitility.await()
			.untilAsserted(() -> assertThat(backend.requests()).extracting((request) -> request.getBodyAsString())
				.anySatisfy((body) -> assertThat(body).contains("usage%5D%5Bmeasured%5D=8")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/unmetered", "/rule/unmetered" })
	void shouldLeaveFreeWhatTheClassSaysIsUnmetered(String path) {
		assertThat(this.application.send("GET", path).statusCode()).isEqualTo(200);
		assertThat(backend.calls()).isEmpty();
	}

	@Test
	void shouldBeAnsweredByTheAdviceOfTheClass() {
		assertThat(this.application.send("GET", "/method").headers().firstValue("advice")).hasValue("its own");
		assertThat(this.application.send("GET", "/scoped").headers().firstValue("advice")).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ MeteredController.class, GenericController.class, ScopedController.class, Advice.class })
	static class Api {

		@Bean
		static DefaultAdvisorAutoProxyCreator proxies() {
			return new DefaultAdvisorAutoProxyCreator();
		}

		@Bean
		static Advisor aspect() {
			return new DefaultPointcutAdvisor(new StaticMethodMatcherPointcut() {

				@Override
				public boolean matches(java.lang.reflect.Method method, Class<?> targetClass) {
					return targetClass.getEnclosingClass() == ProxiedControllerTests.class;
				}

			}, (MethodInterceptor) (invocation) -> invocation.proceed());
		}

		@Bean
		static BeanPostProcessor anotherProxy() {
			return new Outer();
		}

	}

	@RestControllerAdvice(assignableTypes = MeteredController.class)
	static class Advice {

		@ExceptionHandler
		ResponseEntity<Void> answer(MeteringException ex) {
			return ResponseEntity.status(ex.getStatusCode()).header("Advice", "its own").build();
		}

	}

	/** Puts a proxy around a proxy. */
	static final class Outer implements BeanPostProcessor, Ordered {

		@Override
		public int getOrder() {
			return LOWEST_PRECEDENCE;
		}

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			if (!(bean instanceof Generic)) {
				return bean;
			}
			ProxyFactory factory = new ProxyFactory(bean);
			factory.setInterfaces(Generic.class);
			return factory.getProxy();
		}

	}

	@RestController
	interface Metered {

		@GetMapping("/method")
		String method();

		@GetMapping("/class")
		String all();

		@GetMapping("/measured")
		String measured();

		@GetMapping({ "/unmetered", "/rule/unmetered" })
		@ThreeScaleMetered("never")
		String unmetered();

	}

	@ThreeScaleMetered("class")
	static class MeteredController implements Metered {

		@Override
		@ThreeScaleMetered("method")
		public String method() {
			return "method";
		}

		@Override
		public String all() {
			return "all";
		}

		@Override
		@ThreeScaleMetered(metric = "measured", units = "#result.length()")
		public String measured() {
			return "measured";
		}

		@Override
		@ThreeScaleUnmetered
		public String unmetered() {
			return "unmetered";
		}

	}

	@RestController
	interface Generic<T> {

		@GetMapping("/generic/{id}")
		T get(@PathVariable T id);

		@GetMapping("/rule/ruled")
		String ruled();

	}

	static class GenericController implements Generic<String> {

		@Override
		@ThreeScaleMetered("generic")
		public String get(@PathVariable String id) {
			return id;
		}

		@Override
		public String ruled() {
			return "ruled";
		}

	}

	@RestController
	interface Scoped {

		@GetMapping("/scoped")
		String scoped();

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
	static class ScopedController implements Scoped {

		@Override
		@ThreeScaleMetered("scoped")
		public String scoped() {
			return "scoped";
		}

	}

}
