package io.threescale.spring.metering;

/**
 * What becomes of calls that 3scale denies, and of those it would be asked to.
 *
 * @since 0.1.0
 */
public enum Enforcement {

	/** They are refused. */
	ENFORCE,

	/**
	 * Beyond a limit they pass, and are charged when they are done. Whom 3scale does not
	 * let in, and whose plan does not have the metric at all, is refused.
	 */
	SOFT_LIMIT,

	/**
	 * Every call passes. A call that would be denied is not charged, and the header
	 * {@code ThreeScale-Would-Deny} says why it would be.
	 */
	SHADOW;

	/**
	 * Return the one that lets more pass.
	 */
	Enforcement or(Enforcement other) {
		return (compareTo(other) >= 0) ? this : other;
	}

	/**
	 * Read what an annotation or a rule says.
	 * @param enforce whether calls are refused at all
	 * @param softLimit whether they pass beyond a limit
	 * @return the enforcement
	 * @throws IllegalArgumentException if that is a contradiction
	 */
	public static Enforcement of(boolean enforce, boolean softLimit) {
		if (!enforce && softLimit) {
			throw new IllegalArgumentException("A limit that is not enforced cannot be a soft one");
		}
		return softLimit ? SOFT_LIMIT : enforce ? ENFORCE : SHADOW;
	}

}
