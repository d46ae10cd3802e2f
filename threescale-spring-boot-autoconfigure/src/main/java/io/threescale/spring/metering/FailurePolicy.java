package io.threescale.spring.metering;

/**
 * What happens to a call when 3scale cannot be asked. A misconfiguration is another
 * matter: no policy lets calls pass then, as they would pass unbilled until somebody
 * notices.
 *
 * @since 0.1.0
 */
public enum FailurePolicy {

	/** Answer 503. Nobody gets anything for nothing, and nobody gets anything. */
	DENY,

	/**
	 * Decide by the last answer 3scale gave for the application, if it is not too old;
	 * else answer 503. Needs answers to be remembered, as in predictive mode.
	 */
	LAST_KNOWN,

	/**
	 * Let the call pass. It is billed later if it is charged when it is done, or in
	 * predictive mode; else it is not billed, but counted as such.
	 */
	ALLOW

}
