package io.threescale.spring.metering.servlet;

import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.sandbox.SandboxOperation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same, with decisions in the process and usage in batches. What 3scale would void
 * becomes a dead letter.
 */
class PredictiveMissingMetricTests extends MissingMetricTests {

	@Override
	String[] properties() {
		return StringUtils.concatenateStringArrays(super.properties(),
				new String[] { "threescale.mode=predictive", "threescale.reporting.flush-interval=50ms" });
	}

	/**
	 * Calls of a caller that is known cost nothing, but dead letters cost a question for
	 * each batch.
	 */
	@Override
	void assertQuestions(int calls, int questions) {
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isBetween(questions, 2 * calls * questions);
	}

	@Test
	void whenAMetricIsMissingThenItsUsageIsADeadLetter(CapturedOutput output) {
		use("/use/search,serach");
		Charges.assertSum(this.sandbox, Map.of("search", 1L));
		awaitDeadLetters(1);
		awaitUsed("serach", false, 1);
		assertThat(reporting("units", "delivered")).isEqualTo(1);
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isEqualTo(1);
		assertThat(output).contains("Usage {serach=1}", "3scale rejects it: metric_invalid");
	}

	@Test
	void whenTheClientReportsAMissingMetricThenThatIsADeadLetter() {
		ThreeScaleClient client = this.application.bean(ThreeScaleClient.class);
		client.report(Transaction.of(ApplicationCredentials.userKey("key-1"), Usage.of("search", 2).and("serach", 3)));
		Charges.assertSum(this.sandbox, Map.of("search", 2L));
		awaitDeadLetters(1);
		assertThat(reporting("units", "delivered")).isEqualTo(2);
		assertThat(this.sandbox.requests(SandboxOperation.REPORT)).isEqualTo(1);
	}

	private void awaitDeadLetters(int letters) {
		Awaitility.await().untilAsserted(() -> assertThat(reporting("dead.letters", "rejected")).isEqualTo(letters));
	}

	private double reporting(String meter, String outcome) {
		return this.application.bean(MeterRegistry.class)
			.get("threescale.reporting." + meter)
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

}
