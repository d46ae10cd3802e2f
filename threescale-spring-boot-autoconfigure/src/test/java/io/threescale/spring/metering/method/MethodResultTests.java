package io.threescale.spring.metering.method;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleTemplate;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A method whose results come later is done when they have come, whatever their type.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MethodResultTests {

	@RegisterExtension
	final SandboxedApplication application = new SandboxedApplication(WebApplicationType.NONE, Api.class,
			"threescale.advisor.enabled=true")
		.metrics("hits", "work");

	@ParameterizedTest
	@CsvSource({ "mono, 2", "flux, 2", "publisher, 2", "flowable, 2", "observable, 2", "flowPublisher, 2", "single, 2",
			"maybe, 2", "completable, 2", "stage, 2", "untyped, 2" })
	void whenResultsHaveComeThenWhatWasUsedUntilThenIsCharged(String method, long units) {
		assertThat(call(method, false)).contains("done");
		Charges.assertSingle(this.application.sandbox(), Map.of("work", units));
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "mono", "flux", "publisher", "flowable", "observable", "flowPublisher", "single", "maybe",
			"completable", "stage", "untyped" })
	void whenResultsFailThenNotChargedAsASuccess(String method) {
		assertThatIllegalStateException().isThrownBy(() -> call(method, true)).withMessage("on purpose");
		call("mono", false);
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 2L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mono", "flux", "publisher", "flowable", "observable", "flowPublisher", "single", "maybe",
			"completable", "stage" })
	void whenThreadMustNotWaitThenItDoesNot(String method) {
		String result = Mono.fromSupplier(() -> publisher(method, false))
			.subscribeOn(Schedulers.parallel())
			.flatMapMany((results) -> results)
			.then(Mono.just("done"))
			.block();
		assertThat(result).isEqualTo("done");
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 2L));
	}

	@Test
	void whenTemplateDoesWorkWithAResultThatComesLaterThenItIsDoneThen() {
		ThreeScaleTemplate template = this.application.bean(ThreeScaleTemplate.class);
		Flowable<String> results = template.metered(ApplicationCredentials.userKey("key-1"), Usage.of("work"),
				(call) -> Flowable.fromPublisher(Worker.results(call, false)));
		assertThat(results.toList().blockingGet()).hasSize(2);
		Charges.assertSingle(this.application.sandbox(), Map.of("work", 2L));
	}

	@Test
	void whenObjectIsAskedForItsNameThenFree() {
		assertThat(this.application.bean(Worker.class).toString()).isNotEmpty();
		assertThat(this.application.bean(Worker.class).hashCode()).isNotZero();
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHORIZE)).isZero();
	}

	@Test
	void whenTheEndCannotBeSeenThenDoesNotStart() {
		assertThatThrownBy(() -> this.application.another(Connectable.class)).rootCause()
			.hasMessageContaining("ConnectableFlux")
			.hasMessageContaining("Flux can");
	}

	private String call(String method, boolean fails) {
		return Flux.from(publisher(method, fails)).then(Mono.just("done")).block();
	}

	private Publisher<Object> publisher(String name, boolean fails) {
		Method method = ReflectionUtils.findMethod(Worker.class, name, String.class, MeteredCall.class, boolean.class);
		ReflectionUtils.makeAccessible(method);
		Object result = ReflectionUtils.invokeMethod(method, this.application.bean(Worker.class), "key-1", null, fails);
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, result);
		return adapter.toPublisher(result);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Worker.class)
	static class Api {

		@Bean
		MethodCredentialsResolver callers() {
			return (invocation) -> ApplicationCredentials.userKey((String) invocation.getArguments()[0]);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class Connectable {

		@Bean
		Replaying replaying() {
			return new Replaying();
		}

	}

	static class Replaying {

		@ThreeScaleMetered("work")
		ConnectableFlux<String> replayed(String key) {
			return Flux.just("one").replay();
		}

	}

	@ThreeScaleMetered(metric = "work", chargeOn = "success")
	static class Worker {

		Mono<String> mono(String key, MeteredCall call, boolean fails) {
			return results(call, fails).last();
		}

		Flux<String> flux(String key, MeteredCall call, boolean fails) {
			return results(call, fails);
		}

		Publisher<String> publisher(String key, MeteredCall call, boolean fails) {
			return results(call, fails);
		}

		Flowable<String> flowable(String key, MeteredCall call, boolean fails) {
			return Flowable.fromPublisher(results(call, fails));
		}

		Observable<String> observable(String key, MeteredCall call, boolean fails) {
			return Observable.fromPublisher(results(call, fails));
		}

		Flow.Publisher<String> flowPublisher(String key, MeteredCall call, boolean fails) {
			return FlowAdapters.toFlowPublisher(results(call, fails));
		}

		Single<String> single(String key, MeteredCall call, boolean fails) {
			return Single.fromPublisher(results(call, fails).last());
		}

		Maybe<String> maybe(String key, MeteredCall call, boolean fails) {
			return Maybe.fromPublisher(results(call, fails).last());
		}

		Completable completable(String key, MeteredCall call, boolean fails) {
			return Completable.fromPublisher(results(call, fails));
		}

		CompletionStage<String> stage(String key, MeteredCall call, boolean fails) {
			return results(call, fails).last().toFuture();
		}

		Object untyped(String key, MeteredCall call, boolean fails) {
			return results(call, fails);
		}

		static Flux<String> results(MeteredCall call, boolean fails) {
			return Flux.just("one", "two")
				.delayElements(Duration.ofMillis(5))
				.doOnNext((result) -> call.add("work", 1))
				.concatWith(fails ? Flux.error(new IllegalStateException("on purpose")) : Flux.empty());
		}

	}

}
