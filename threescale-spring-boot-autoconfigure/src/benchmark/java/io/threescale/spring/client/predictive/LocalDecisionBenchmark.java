package io.threescale.spring.client.predictive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.threescale.spring.ApplicationCredentials.UserKey;
import io.threescale.spring.Authorization;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * What a decision in the process costs, all calls being of one application, next to the
 * parts it cannot do without.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class LocalDecisionBenchmark {

	private final StubBackend backend = new StubBackend();

	private final PredictingThreeScaleClient client = this.backend.predicting(100_000);

	private final PredictingThreeScaleClient clientInFleet = this.backend.predictingInFleet(100_000);

	private final UserKey key = new UserKey("0123456789abcdef0123456789abcdef");

	private final AuthorizationRequest request = AuthorizationRequest.of(this.key);

	private final AuthorizationRequest requestWithLimits = this.request.with(Extension.LIMIT_HEADERS);

	private final Cache<String, Object> cache = Caffeine.newBuilder().maximumSize(100_000).build();

	public LocalDecisionBenchmark() {
		this.cache.put(this.key.value(), this.key);
	}

	@Benchmark
	public Object decision(Caller caller) {
		this.client.authRep(this.request).subscribe(caller);
		return caller.answer;
	}

	@Benchmark
	@Threads(8)
	public Object decisionBy8(Caller caller) {
		this.client.authRep(this.request).subscribe(caller);
		return caller.answer;
	}

	/** As controllers are metered, which may want to tell their callers. */
	@Benchmark
	public Object decisionWithLimits(Caller caller) {
		this.client.authRep(this.requestWithLimits).subscribe(caller);
		return caller.answer;
	}

	/** From what it has claimed. */
	@Benchmark
	public Object decisionInFleet(Caller caller) {
		this.clientInFleet.authRep(this.request).subscribe(caller);
		return caller.answer;
	}

	@Benchmark
	public Authorization decisionWaitedFor() {
		return this.client.authRep(this.request).block();
	}

	/**
	 * Takes decisions, and costs nothing by itself.
	 */
	@State(Scope.Thread)
	public static class Caller implements CoreSubscriber<Authorization> {

		private Object answer = this;

		@Override
		public void onSubscribe(Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(Authorization answer) {
			this.answer = answer;
		}

		@Override
		public void onError(Throwable ex) {
			throw new IllegalStateException(ex);
		}

		@Override
		public void onComplete() {
		}

	}

	@Benchmark
	public Object lookup() {
		return this.cache.getIfPresent(this.key.value());
	}

	@Benchmark
	@Threads(8)
	public Object lookupBy8() {
		return this.cache.getIfPresent(this.key.value());
	}

	@Benchmark
	public byte[] sha256() throws NoSuchAlgorithmException {
		return MessageDigest.getInstance("SHA-256").digest(this.key.value().getBytes(StandardCharsets.UTF_8));
	}

}
