package io.threescale.spring.metering;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import org.jspecify.annotations.Nullable;

/**
 * How a call was decided.
 *
 * @param operation what was called
 * @param service the id of the service
 * @param caller who called, which is secret, or {@code null} if nobody knows
 * @param outcome the decision
 * @param authorization what 3scale said, or {@code null} if it said nothing
 * @param failure why it said nothing, or {@code null} if it was not asked
 * @since 0.1.0
 */
public record MeteringDecision(MeteredOperation operation, String service, @Nullable ApplicationCredentials caller,
		MeteringOutcome outcome, @Nullable Authorization authorization, @Nullable Throwable failure) {

	/**
	 * Return the code that 3scale gave.
	 * @return why it denied the call or refused to serve us, or {@code null} if it gave
	 * no code
	 */
	public @Nullable ErrorCode code() {
		if (this.authorization instanceof Denied denied) {
			return denied.code();
		}
		return (this.failure instanceof ThreeScaleMisconfiguredException misconfigured) ? misconfigured.code() : null;
	}

}
