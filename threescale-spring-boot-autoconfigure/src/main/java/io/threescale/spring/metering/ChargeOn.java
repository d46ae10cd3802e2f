package io.threescale.spring.metering;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * When a call is charged: with the decision about it, or when it is done, if its HTTP
 * status is one of those that are charged for.
 *
 * @param statuses the statuses that are charged for; none if the call is charged with the
 * decision
 * @since 0.1.0
 */
public record ChargeOn(List<Statuses> statuses) {

	/** With the decision, which takes one request to 3scale. */
	public static final ChargeOn ADMISSION = new ChargeOn(List.of());

	/** When the call is done, whatever came of it. */
	public static final ChargeOn COMPLETION = new ChargeOn(List.of(new Statuses(100, 999)));

	/** When the call is done, if its status is below 400. */
	public static final ChargeOn SUCCESS = new ChargeOn(List.of(new Statuses(100, 399)));

	public ChargeOn {
		statuses = List.copyOf(statuses);
	}

	/**
	 * A range of HTTP statuses.
	 *
	 * @param from the first
	 * @param to the last
	 */
	public record Statuses(int from, int to) {

		@Override
		public String toString() {
			return (this.from == this.to) ? String.valueOf(this.from) : this.from / 100 + "xx";
		}

		private static Statuses of(String text) {
			if (text.matches("[1-9]xx")) {
				int hundreds = 100 * (text.charAt(0) - '0');
				return new Statuses(hundreds, hundreds + 99);
			}
			if (text.matches("[1-9][0-9]{2}")) {
				return new Statuses(Integer.parseInt(text), Integer.parseInt(text));
			}
			throw new IllegalArgumentException(
					"'" + text + "' is neither 'admission', 'completion', 'success' nor a status such as 404 or 2xx");
		}

	}

	/**
	 * Read when to charge.
	 * @param text {@code admission}, {@code completion}, {@code success}, or statuses
	 * such as {@code 2xx,404}
	 * @return when to charge
	 * @throws IllegalArgumentException if it is anything else
	 */
	public static ChargeOn of(String text) {
		return switch (text.trim()) {
			case "admission" -> ADMISSION;
			case "completion" -> COMPLETION;
			case "success" -> SUCCESS;
			default -> new ChargeOn(Arrays.stream(text.split(",", -1)).map(String::trim).map(Statuses::of).toList());
		};
	}

	/**
	 * Return the text it is read from.
	 */
	@Override
	public String toString() {
		if (isAdmission()) {
			return "admission";
		}
		if (equals(COMPLETION)) {
			return "completion";
		}
		return equals(SUCCESS) ? "success"
				: this.statuses.stream().map(Statuses::toString).collect(Collectors.joining(","));
	}

	/**
	 * Tell whether calls are charged with the decision.
	 * @return whether they are, whatever comes of them
	 */
	public boolean isAdmission() {
		return this.statuses.isEmpty();
	}

	/**
	 * Tell whether a call that is done is to be charged.
	 * @param status its HTTP status
	 * @return whether it is
	 */
	public boolean charges(int status) {
		return isAdmission()
				|| this.statuses.stream().anyMatch((range) -> range.from() <= status && status <= range.to());
	}

}
