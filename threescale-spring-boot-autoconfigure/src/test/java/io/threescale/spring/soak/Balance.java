package io.threescale.spring.soak;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers were granted, beside what 3scale has counted. It can be told exactly, but
 * for answers that came later than the client waits though 3scale did not fail: those of
 * a busy machine.
 *
 * @param granted the units that callers were granted
 * @param ambiguous those of them whose report was not answered
 * @param counted the units that 3scale has counted
 * @param unanswered those of them whose answer 3scale lost when it failed
 */
record Balance(long granted, long ambiguous, long counted, long unanswered) {

	static Balance of(SoakedApplication application, BackendProcess backend) throws IOException, InterruptedException {
		return new Balance(application.granted(), application.reporting("units", "ambiguous"),
				backend.counted(application.mode()), backend.unanswered(application.mode()));
	}

	/**
	 * Nothing is lost, and nothing is counted twice.
	 */
	void assertCountedWhatWasGranted() {
		assertThat(this.granted).isPositive();
		assertThat(late()).isBetween(0L, this.granted / 1000);
	}

	/**
	 * Nobody failed since, so that all is known.
	 */
	void assertCountedExactlySince(Balance before) {
		assertThat(this.granted).isGreaterThan(before.granted);
		assertThat(this.counted - before.counted).isEqualTo(this.granted - before.granted);
		assertThat(this.ambiguous).isEqualTo(before.ambiguous);
	}

	private long late() {
		return (this.counted - this.unanswered) - (this.granted - this.ambiguous);
	}

	@Override
	public String toString() {
		return "granted %d, of these reported without an answer %d; counted %d, of these unanswered %d; late %d"
			.formatted(this.granted, this.ambiguous, this.counted, this.unanswered, late());
	}

}
