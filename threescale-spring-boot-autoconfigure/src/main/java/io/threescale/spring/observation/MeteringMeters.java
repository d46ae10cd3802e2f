package io.threescale.spring.observation;

import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Counts decisions in {@code threescale.calls}, and the usage of calls that went on in
 * {@code threescale.usage}. No tag takes a value that a caller chooses.
 *
 * @since 0.1.0
 */
public final class MeteringMeters implements MeteringListener {

	private final MeterRegistry registry;

	/**
	 * Create the meters.
	 * @param registry where to count
	 */
	public MeteringMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void decided(MeteredOperation operation, String service, MeteringOutcome outcome, @Nullable ErrorCode code) {
		Counter.builder("threescale.calls")
			.description("Metered calls by decision")
			.tag("service", service)
			.tag("operation", operation.name())
			.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
			.tag("reason", reason(code))
			.register(this.registry)
			.increment();
	}

	@Override
	public void used(String service, Usage usage, boolean counted) {
		usage.increments()
			.forEach((metric, units) -> Counter.builder("threescale.usage")
				.description("Units used by metered calls that went on")
				.tag("service", service)
				.tag("metric", metric)
				.tag("counted", Boolean.toString(counted))
				.register(this.registry)
				.increment(units));
	}

	private static String reason(@Nullable ErrorCode code) {
		if (code == null) {
			return "none";
		}
		return code.isKnown() ? code.value() : "other";
	}

}
