package io.threescale.spring.endtoend;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * The results of one measurement, over all rounds.
 */
final class Sample {

	private final double[] sorted;

	Sample(Collection<Double> values) {
		this.sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
	}

	double median() {
		return at(0.5);
	}

	double at(double share) {
		return this.sorted[(int) Math.round(share * (this.sorted.length - 1))];
	}

	/**
	 * Return the median, and in brackets what four of five rounds lie within.
	 */
	String text(String format) {
		Object[] values = { median(), at(0.1), at(0.9) };
		return String.format(Locale.ROOT, "%1$s [%2$s to %3$s]",
				Arrays.stream(values).map((value) -> String.format(Locale.ROOT, format, value)).toArray());
	}

}
