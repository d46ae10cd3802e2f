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

	/** Let the call pass. It is not billed, but counted as such. */
	ALLOW

}
