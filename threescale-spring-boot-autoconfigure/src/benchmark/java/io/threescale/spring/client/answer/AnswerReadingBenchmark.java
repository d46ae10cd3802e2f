package io.threescale.spring.client.answer;

import java.util.concurrent.TimeUnit;

import io.threescale.spring.Authorization;
import io.threescale.spring.Usage;
import io.threescale.spring.client.RecordedExchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.http.HttpHeaders;

/**
 * What reading an answer costs: all of it, the body, and the body by a mapper.
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

	private final AnswerReader reader = new AnswerReader();

	private final ObjectReader mapper = new XmlMapper().readerFor(JsonNode.class);

	@Benchmark
	public Authorization answer() {
		return this.interpreter.authorization(Operation.AUTHREP, Usage.NONE, this.answer);
	}

	@Benchmark
	public StatusDocument document() {
		return this.reader.document(this.answer);
	}

	@Benchmark
	public JsonNode treeByXmlMapper() {
		return this.mapper.readValue(this.answer.body());
	}

}
