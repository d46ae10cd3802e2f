package io.threescale.spring.client;

import java.util.concurrent.TimeUnit;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import com.fasterxml.aalto.stax.OutputFactoryImpl;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.threescale.spring.Authorization;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.xml.XmlFactory;
import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.http.HttpHeaders;

/**
 * What reading an answer costs: all of it, and the part that is Jackson's over either
 * parser. The client reads over Woodstox, which Jackson brings along.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnswerReadingBenchmark {

	private final Answer answer = new Answer(200, new HttpHeaders(),
			RecordedExchange.named("authrep-ok-all-periods").answer().body());

	private final AnswerInterpreter interpreter = new AnswerInterpreter();

	private final ObjectReader woodstox = reader(XmlFactory.builder().build());

	private final ObjectReader aalto = reader(XmlFactory.builder()
		.xmlInputFactory(new InputFactoryImpl())
		.xmlOutputFactory(new OutputFactoryImpl())
		.build());

	private static ObjectReader reader(XmlFactory factory) {
		return XmlMapper.builder(factory)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
			.changeDefaultVisibility((visible) -> visible.withFieldVisibility(Visibility.ANY))
			.build()
			.readerFor(StatusDocument.class);
	}

	@Benchmark
	public Authorization answer() {
		return this.interpreter.authorization(Operation.AUTHREP, this.answer);
	}

	@Benchmark
	public StatusDocument documentByWoodstox() {
		return this.woodstox.readValue(this.answer.body());
	}

	@Benchmark
	public StatusDocument documentByAalto() {
		return this.aalto.readValue(this.answer.body());
	}

}
