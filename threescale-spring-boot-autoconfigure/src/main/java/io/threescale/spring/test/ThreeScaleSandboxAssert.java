package io.threescale.spring.test;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.threescale.spring.sandbox.CountedTransaction;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what was reported: by an authrep that was granted, or in a report that
 * was accepted. Usage a predicting client holds back is delivered first. What else comes
 * after the answer is waited for, two seconds at most.
 *
 * @since 0.1.0
 */
public final class ThreeScaleSandboxAssert extends AbstractAssert<ThreeScaleSandboxAssert, ThreeScaleSandbox> {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	ThreeScaleSandboxAssert(ThreeScaleSandbox actual) {
		super(actual, ThreeScaleSandboxAssert.class);
	}

	/**
	 * Verify how much of a metric was reported for an application. Usage of its methods,
	 * which 3scale adds by itself, does not count:
	 * {@link ThreeScaleSandbox#usage(String, String)} tells the sum.
	 * @param application the user key or the application id
	 * @param metric the system name of the metric
	 * @param units the units of all calls together
	 * @return this assertion
	 */
	public ThreeScaleSandboxAssert reported(String application, String metric, long units) {
		return reported(application, metric, units, units + " " + metric, (transaction) -> true);
	}

	/**
	 * Verify how much of a metric was reported for an application together with a
	 * response code.
	 * @param application the user key or the application id
	 * @param metric the system name of the metric
	 * @param units the units of all calls that had this response code
	 * @param responseCode the response code
	 * @return this assertion
	 */
	public ThreeScaleSandboxAssert reported(String application, String metric, long units, int responseCode) {
		String code = String.valueOf(responseCode);
		return reported(application, metric, units, units + " " + metric + " with response code " + code,
				(transaction) -> code.equals(transaction.logCode()));
	}

	/**
	 * Verify that nothing was reported for anybody so far.
	 * @return this assertion
	 */
	public ThreeScaleSandboxAssert reportedNothing() {
		isNotNull();
		if (!this.actual.transactions().isEmpty()) {
			throw failure("%nExpecting that nothing was reported, but what was reported is:%s",
					Reported.to(this.actual));
		}
		return this;
	}

	/**
	 * Verify that nothing was reported for an application so far.
	 * @param application the user key or the application id
	 * @return this assertion
	 */
	public ThreeScaleSandboxAssert reportedNothingFor(String application) {
		isNotNull();
		if (!this.actual.transactions(application).isEmpty()) {
			throw failure("%nExpecting that nothing was reported for:%n  %s%nbut what was reported is:%s", application,
					Reported.to(this.actual));
		}
		return this;
	}

	private ThreeScaleSandboxAssert reported(String application, String metric, long units, String expected,
			Predicate<CountedTransaction> which) {
		isNotNull();
		LongSupplier sum = () -> this.actual.transactions(application)
			.stream()
			.filter(which)
			.mapToLong((transaction) -> transaction.usage().getOrDefault(metric, 0L))
			.sum();
		this.actual.await(() -> sum.getAsLong() >= units, PATIENCE);
		if (sum.getAsLong() != units) {
			throw failure("%nExpecting that what was reported for:%n  %s%nis:%n  %s%nbut what was reported is:%s",
					application, expected, Reported.to(this.actual));
		}
		return this;
	}

}
