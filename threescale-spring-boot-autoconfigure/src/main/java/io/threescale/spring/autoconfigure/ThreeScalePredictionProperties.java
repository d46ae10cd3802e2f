package io.threescale.spring.autoconfigure;

import java.time.Duration;

import io.threescale.spring.client.predictive.PredictionSettings;
import io.threescale.spring.metering.FailurePolicy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code threescale.prediction}: how far decisions are made in the
 * process.
 *
 * @param timeToLive Time an answer of 3scale is good for. It is renewed before.
 * @param settleTime Time 3scale may take to count what it has accepted.
 * @param decisionTimeout Time a call waits for 3scale before the failure policy decides.
 * The first answer of all may take longer, up to the timeouts of the connection.
 * @param lastKnownFor Time an answer is good for beyond its end under the failure policy
 * last-known.
 * @param guard Share of each limit, from its end, within which 3scale decides every call.
 * @param headroomShare Share of what is left of a limit that may be used before 3scale is
 * asked again. Divide by the number of instances, unless they are a fleet.
 * @param maxApplications Number of applications to remember.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale.prediction")
public record ThreeScalePredictionProperties(@DefaultValue("1m") Duration timeToLive,
		@DefaultValue("2s") Duration settleTime, @DefaultValue("1s") Duration decisionTimeout,
		@DefaultValue("1h") Duration lastKnownFor, @DefaultValue("0.05") double guard,
		@DefaultValue("0.25") double headroomShare, @DefaultValue("100000") long maxApplications) {

	PredictionSettings settings(FailurePolicy policy) {
		requirePositive(this.timeToLive, "time-to-live");
		requirePositive(this.decisionTimeout, "decision-timeout");
		require(!this.settleTime.isNegative(), "settle-time", "0 or longer");
		require(!this.lastKnownFor.isNegative(), "last-known-for", "0 or longer");
		require(this.guard >= 0 && this.guard <= 1, "guard", "between 0 and 1");
		require(this.headroomShare > 0 && this.headroomShare <= 1, "headroom-share", "above 0 and at most 1");
		require(this.maxApplications > 0, "max-applications", "1 or more");
		return new PredictionSettings(this.timeToLive, this.settleTime, this.decisionTimeout,
				(policy == FailurePolicy.LAST_KNOWN) ? this.lastKnownFor : Duration.ZERO, this.guard,
				this.headroomShare, this.maxApplications);
	}

	private static void requirePositive(Duration duration, String name) {
		require(!duration.isNegative() && !duration.isZero(), name, "longer than nothing");
	}

	private static void require(boolean valid, String name, String requirement) {
		InvalidThreeScaleConfigurationException.require(valid, "threescale.prediction." + name, requirement);
	}

}
