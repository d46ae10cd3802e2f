package io.threescale.spring.observation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringOutcome;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Counts decisions in {@code threescale.calls}, and the usage of calls that went on in
 * {@code threescale.usage}. However many operations or metrics callers can choose, a tag
 * has a bounded number of values; the rest is counted as {@code other}.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteringMeters implements MeteringListener {

	private final MeterRegistry registry;

	private final BoundedTag operations = new BoundedTag("operation");

	private final BoundedTag metrics = new BoundedTag("metric");

	/** Found here in a fraction of the time it takes to find them in a registry. */
	private final Map<Object, Counter> counters = new ConcurrentHashMap<>();

	/**
	 * Create the meters.
	 * @param registry where to count
	 */
	public MeteringMeters(MeterRegistry registry) {
		this.registry = registry;
	}

	private record Calls(String service, String operation, MeteringOutcome outcome, @Nullable ErrorCode code) {

		Counter in(MeterRegistry registry) {
			return Counter.builder("threescale.calls")
				.description("Metered calls by decision")
				.tag("service", this.service)
				.tag("operation", this.operation)
				.tag("outcome", DefaultMeteringObservationConvention.words(this.outcome))
				.tag("reason", (this.code != null) ? this.code.value() : "none")
				.register(registry);
		}

	}

	private record Units(String service, String metric, boolean counted) {

		Counter in(MeterRegistry registry) {
			return Counter.builder("threescale.usage")
				.description("Units used by metered calls that went on")
				.tag("service", this.service)
				.tag("metric", this.metric)
				.tag("counted", Boolean.toString(this.counted))
				.register(registry);
		}

	}

	@Override
	public void decided(MeteringDecision decision) {
		Calls calls = new Calls(decision.service(), this.operations.of(decision.operation().name()), decision.outcome(),
				known(decision.code()));
		this.counters.computeIfAbsent(calls, (absent) -> calls.in(this.registry)).increment();
	}

	@Override
	public void used(String service, Usage usage, boolean counted) {
		usage.increments().forEach((metric, amount) -> {
			Units units = new Units(service, this.metrics.of(metric), counted);
			this.counters.computeIfAbsent(units, (absent) -> units.in(this.registry)).increment(amount);
		});
	}

	/**
	 * Codes nobody knows yet may be many.
	 */
	private static @Nullable ErrorCode known(@Nullable ErrorCode code) {
		return (code == null || code.isKnown()) ? code : new ErrorCode(BoundedTag.OTHER);
	}

}
