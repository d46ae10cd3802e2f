package io.threescale.spring.client;

import java.util.concurrent.TimeUnit;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What encoding the parameters of a call costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParametersBenchmark {

	private final ServiceCredentials service = ServiceCredentials.serviceToken("1001",
			"0123456789abcdef0123456789abcdef");

	private final AuthorizationRequest plain = AuthorizationRequest
		.of(ApplicationCredentials.userKey("0123456789abcdef0123456789abcdef"));

	private final AuthorizationRequest escaped = AuthorizationRequest
		.of(ApplicationCredentials.appId("app with spaces", "schlüssel&=+"))
		.withReferrer("https://example.org/?a=b");

	@Benchmark
	public String plain() {
		return new Parameters().service(this.service).request(this.plain).encoded();
	}

	@Benchmark
	public String escaped() {
		return new Parameters().service(this.service).request(this.escaped).encoded();
	}

}
