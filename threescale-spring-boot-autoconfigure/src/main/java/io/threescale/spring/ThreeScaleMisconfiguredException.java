package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * 3scale refuses to serve us: a wrong token, an unknown metric, a wrong URL. It stays
 * until somebody changes the configuration, here or at 3scale.
 *
 * @since 0.1.0
 */
public final class ThreeScaleMisconfiguredException extends ThreeScaleException {

	private final @Nullable ErrorCode code;

	/**
	 * Create the exception.
	 * @param message what is wrong and what to do about it, without secrets
	 * @param code the code 3scale gave, or {@code null} if there was none
	 */
	public ThreeScaleMisconfiguredException(String message, @Nullable ErrorCode code) {
		super(message, null);
		this.code = code;
	}

	/**
	 * Return the code 3scale gave.
	 * @return the code, or {@code null} if there was none
	 */
	public @Nullable ErrorCode code() {
		return this.code;
	}

}
