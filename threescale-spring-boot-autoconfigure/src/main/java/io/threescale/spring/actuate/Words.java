package io.threescale.spring.actuate;

import java.util.Locale;

/**
 * Words constants as properties do.
 */
final class Words {

	private Words() {
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
