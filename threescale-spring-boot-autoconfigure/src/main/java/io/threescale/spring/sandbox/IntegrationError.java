package io.threescale.spring.sandbox;

import java.util.Set;
import java.util.regex.Pattern;

import io.threescale.spring.ErrorCode;

/**
 * An entry of a service's list of integration errors: the only place where 3scale tells
 * that an accepted report was discarded.
 *
 * @param service the id of the service
 * @param code the code of the error
 * @param message the text, which repeats keys as they were sent
 * @since 0.1.0
 */
public record IntegrationError(String service, ErrorCode code, String message) {

	private static final Set<String> HARMLESS = Set.of("metric_invalid", "usage_value_invalid",
			"transaction_timestamp_too_old", "transaction_timestamp_too_new");

	private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

	/**
	 * What the log says. Texts that repeat what callers identify themselves with stay
	 * out.
	 */
	String warning() {
		String text = HARMLESS.contains(this.code.value()) ? " (" + CONTROL.matcher(this.message).replaceAll("?") + ")"
				: "";
		return "The sandbox has an integration error for service '" + this.service + "': " + this.code + text
				+ ". Nothing of that request was counted.";
	}

	/** Leaves out the message, which may repeat a key. */
	@Override
	public String toString() {
		return "IntegrationError[service=" + this.service + ", code=" + this.code + "]";
	}

}
