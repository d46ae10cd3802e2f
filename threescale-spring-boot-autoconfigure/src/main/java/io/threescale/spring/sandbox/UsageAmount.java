package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.util.regex.Pattern;

import io.threescale.spring.ErrorCode;

import org.jspecify.annotations.Nullable;

/**
 * How much a counter grows, or with a leading {@code #} what it becomes.
 *
 * @param value the amount
 * @param set whether it replaces the counter
 */
record UsageAmount(BigInteger value, boolean set) {

	private static final Pattern NUMBER = Pattern.compile("#?[0-9]+");

	static UsageAmount read(String metric, @Nullable Object raw) {
		String text = (raw instanceof String string) ? Parameters.strip(string) : "";
		if (text.isEmpty()) {
			throw empty(metric);
		}
		if (!NUMBER.matcher(text).matches()) {
			throw new Refusal(403, ErrorCode.USAGE_VALUE_INVALID,
					"usage value \"" + raw + "\" for metric \"" + metric + "\" is invalid");
		}
		boolean set = text.startsWith("#");
		return new UsageAmount(new BigInteger(set ? text.substring(1) : text), set);
	}

	static Refusal empty(String metric) {
		return new Refusal(403, ErrorCode.USAGE_VALUE_INVALID,
				"usage value for metric \"" + metric + "\" can not be empty");
	}

	BigInteger applyTo(BigInteger counter) {
		return this.set ? this.value : counter.add(this.value);
	}

	/** What a parent takes over from its child: a set value replaces, others add up. */
	UsageAmount propagateTo(@Nullable UsageAmount parent) {
		return (this.set || parent == null) ? this : new UsageAmount(parent.value.add(this.value), parent.set);
	}

	boolean changes() {
		return this.set || this.value.signum() != 0;
	}

}
