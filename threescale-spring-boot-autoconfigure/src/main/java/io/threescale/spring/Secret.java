package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * What all credentials have in common: they must be there, and they must not be shown.
 */
final class Secret {

	static final String MASK = "****";

	private Secret() {
	}

	static void require(@Nullable String value, String name) {
		if (isBlank(value)) {
			throw new IllegalArgumentException("The " + name + " must not be blank");
		}
	}

	static @Nullable String blankToNull(@Nullable String value) {
		return isBlank(value) ? null : value;
	}

	/**
	 * Tell whether 3scale would find nothing in a value: it strips NUL as well.
	 */
	private static boolean isBlank(@Nullable String value) {
		return value == null || value.replace('\0', ' ').isBlank();
	}

}
