package io.threescale.spring.client.predictive;

/**
 * How much of one limit may be used here without asking. Guarded by the monitor of the
 * usage.
 */
sealed interface Allowance permits HeadroomShare, ClaimedAllowance {

	/**
	 * Note that what was used here was counted anew.
	 * @param fresh whether a period has begun
	 * @param answered whether 3scale has answered
	 * @param anew whether the same usage may count otherwise than before
	 */
	void recounted(boolean fresh, boolean answered, boolean anew);

	/**
	 * Note usage.
	 * @param sure what counts against the limit for sure, negative if it does not after
	 * all
	 * @param possible what may count against it
	 */
	void used(long sure, long possible);

	/**
	 * Decide about a call that 3scale has not shown to be too much.
	 * @param possible what it takes at most
	 * @param now the steady time
	 */
	Decision decide(long possible, long now);

	/**
	 * Tell whether 3scale may be asked for a call, as far as is known here.
	 * @param sure what it takes for sure
	 */
	boolean bears(long sure);

	/**
	 * Tell whether more should be at hand soon.
	 */
	boolean isLow();

}
