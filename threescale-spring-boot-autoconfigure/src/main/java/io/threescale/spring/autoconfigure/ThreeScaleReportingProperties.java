package io.threescale.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import io.threescale.spring.client.predictive.PredictionSettings;
import io.threescale.spring.client.reporting.AmbiguousPolicy;
import io.threescale.spring.client.reporting.BatchingSettings;
import io.threescale.spring.client.reporting.CounterLimit;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code threescale.reporting}: how usage is reported.
 *
 * @param flushInterval Time usage waits at most before it is reported, in predictive
 * mode. In strict mode it does not wait.
 * @param maxCounters Number of counters of usage to hold. When it is reached, calls
 * report for themselves.
 * @param onAmbiguous What becomes of usage that was sent but not answered for.
 * @param shutdownTimeout Time to report what is left when the application stops.
 * @param spool Where usage outlives the process.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale.reporting")
public record ThreeScaleReportingProperties(@DefaultValue("10s") Duration flushInterval,
		@DefaultValue("100000") int maxCounters, @DefaultValue("drop") AmbiguousPolicy onAmbiguous,
		@DefaultValue("20s") Duration shutdownTimeout, @DefaultValue Spool spool) {

	/**
	 * Return the settings.
	 * @param prediction how calls are decided in the process, or {@code null} if they are
	 * not
	 */
	BatchingSettings settings(@Nullable PredictionSettings prediction) {
		require(!this.flushInterval.isNegative() && !this.flushInterval.isZero(), "flush-interval",
				"longer than nothing");
		require(!this.shutdownTimeout.isNegative(), "shutdown-timeout", "0 or longer");
		BatchingSettings defaults = BatchingSettings.defaults();
		BatchingSettings settings = new BatchingSettings(this.flushInterval, defaults.batchSize(),
				defaults.flushUnits(), this.onAmbiguous, defaults.initialBackoff(), defaults.maxBackoff(),
				defaults.knownFor(), (prediction != null) ? prediction.settleTime() : defaults.settleTime(),
				(prediction != null) ? prediction.maxApplications() : defaults.maxApplications(),
				defaults.spoolInterval());
		return (prediction != null) ? settings : settings.immediate();
	}

	CounterLimit limit() {
		require(this.maxCounters > 0, "max-counters", "1 or more");
		return new CounterLimit(this.maxCounters);
	}

	private static void require(boolean valid, String name, String requirement) {
		InvalidThreeScaleConfigurationException.require(valid, "threescale.reporting." + name, requirement);
	}

	/**
	 * Where usage outlives the process.
	 *
	 * @param directory Directory for usage that is not reported yet. Each instance needs
	 * its own. Without it, what is pending is lost when the process dies.
	 */
	public record Spool(@Nullable Path directory) {

	}

}
