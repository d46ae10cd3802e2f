package io.threescale.spring.metering.method;

import java.lang.reflect.Proxy;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the class of a bean says counts, if its proxies are made of its interfaces.
 */
@TestInstance(Lifecycle.PER_CLASS)
class InterfaceProxyTests {

	@RegisterExtension
	final SandboxedApplication application = new SandboxedApplication(WebApplicationType.NONE, Api.class,
			"spring.aop.proxy-target-class=false", "threescale.advisor.enabled=true")
		.metrics("hits", "work");

	@Test
	void shouldChargeWhatTheMethodSays() {
		assertThat(Proxy.isProxyClass(port().getClass())).isTrue();
		assertThat(port().work("key-1")).isEqualTo("done");
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 2L));
	}

	@Test
	void shouldChargeWhatTheClassSays() {
		port().inherited("key-1");
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 1L));
	}

	@Test
	void shouldLeaveFreeWhatTheMethodSaysIsUnmetered() {
		port().free("key-1");
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isZero();
	}

	@Test
	void shouldSettleWhatTheMethodReturns() {
		assertThat((Mono<?>) port().later("key-1")).extracting(Mono::block).isEqualTo("later");
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 5L));
	}

	@Test
	void shouldChargeOnceBehindTheProxyOfAScope() {
		this.application.bean(Scoped.class).scoped("key-1");
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 1L));
	}

	@SuppressWarnings("unchecked")
	private Port<String> port() {
		return this.application.bean(Port.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Worker.class, ScopedWorker.class })
	static class Api {

		@Bean
		MethodCredentialsResolver callers() {
			return (invocation) -> ApplicationCredentials.userKey((String) invocation.getArguments()[0]);
		}

	}

	interface Port<T> {

		String work(T key);

		String inherited(T key);

		String free(T key);

		Object later(T key);

	}

	@ThreeScaleMetered("work")
	static class Worker implements Port<String> {

		@Override
		@ThreeScaleMetered(metric = "work", delta = 2)
		public String work(String key) {
			return "done";
		}

		@Override
		public String inherited(String key) {
			return "done";
		}

		@Override
		@ThreeScaleUnmetered
		public String free(String key) {
			return "done";
		}

		@Override
		@ThreeScaleMetered(metric = "work", units = "#result.length()")
		public Mono<String> later(String key) {
			return Mono.just("later");
		}

	}

	interface Scoped {

		String scoped(String key);

	}

	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.INTERFACES)
	static class ScopedWorker implements Scoped {

		@Override
		@ThreeScaleMetered("work")
		public String scoped(String key) {
			return "done";
		}

	}

}
