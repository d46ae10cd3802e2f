package io.threescale.spring.client.predictive;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How far decisions may be made without asking 3scale.
 *
 * @param timeToLive how long an answer of 3scale is good for; it is renewed before
 * @param settleTime how long 3scale may take to count what it has accepted
 * @param decisionTimeout how long a call waits for 3scale before the failure policy
 * decides; the answer is used all the same
 * @param lastKnownFor how long after its end an answer is good for while 3scale cannot be
 * asked; zero if it is not
 * @param guard the share of each limit, counted from its end, within which 3scale decides
 * each call itself; from 0 to 1
 * @param headroomShare the share of what is left of a limit that may be used before
 * 3scale is asked again; above 0, up to 1. Of N instances that know of each other, none
 * uses more than 1/N
 * @param maxApplications how many applications are remembered
 * @since 0.1.0
 */
public record PredictionSettings(Duration timeToLive, Duration settleTime, Duration decisionTimeout,
		Duration lastKnownFor, double guard, double headroomShare, long maxApplications) {

	public PredictionSettings {
		requirePositive(timeToLive, "timeToLive");
		requirePositive(decisionTimeout, "decisionTimeout");
		Assert.isTrue(!settleTime.isNegative(), "'settleTime' must not be negative");
		Assert.isTrue(!lastKnownFor.isNegative(), "'lastKnownFor' must not be negative");
		Assert.isTrue(guard >= 0 && guard <= 1, "'guard' must be between 0 and 1");
		Assert.isTrue(headroomShare > 0 && headroomShare <= 1, "'headroomShare' must be above 0 and at most 1");
		Assert.isTrue(maxApplications > 0, "'maxApplications' must be positive");
	}

	/**
	 * Return settings for a few instances: a guard of 5 %, a quarter of the headroom.
	 * @return the settings
	 */
	public static PredictionSettings defaults() {
		return new PredictionSettings(Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ofSeconds(1),
				Duration.ZERO, 0.05, 0.25, 100_000);
	}

	private static void requirePositive(Duration duration, String name) {
		Assert.isTrue(!duration.isNegative() && !duration.isZero(), () -> "'" + name + "' must be positive");
	}

}
