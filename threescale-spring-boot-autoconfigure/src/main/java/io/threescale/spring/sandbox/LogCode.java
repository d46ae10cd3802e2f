package io.threescale.spring.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code log[code]}, which has three digits or is dropped.
 */
final class LogCode {

	private LogCode() {
	}

	static @Nullable String of(Parameters parameters) {
		String code = parameters.nested("log").text("code");
		return (code != null && code.matches("[0-9]{3}")) ? code : null;
	}

}
