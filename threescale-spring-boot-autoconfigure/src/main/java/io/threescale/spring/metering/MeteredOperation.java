package io.threescale.spring.metering;

import java.util.List;

import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is called, and what each call of it uses.
 *
 * @param name the name in metrics and logs
 * @param service the name of the service it belongs to, or {@code null} to leave that to
 * the {@link ServiceResolver}
 * @param usage what a call uses, as far as known beforehand; not empty
 * @param chargeOn when a call is charged
 * @param measures what a call uses instead, known when it is done
 * @param enforcement what becomes of calls that are denied
 * @since 0.1.0
 */
public record MeteredOperation(String name, @Nullable String service, Usage usage, ChargeOn chargeOn,
		List<Measure> measures, Enforcement enforcement) {

	public MeteredOperation {
		measures = List.copyOf(measures);
	}

	/**
	 * Create an operation whose denied calls are refused.
	 * @param name the name in metrics and logs
	 * @param service the name of the service it belongs to, or {@code null}
	 * @param usage what a call uses, as far as known beforehand; not empty
	 * @param chargeOn when a call is charged
	 * @param measures what a call uses instead, known when it is done
	 */
	public MeteredOperation(String name, @Nullable String service, Usage usage, ChargeOn chargeOn,
			List<Measure> measures) {
		this(name, service, usage, chargeOn, measures, Enforcement.ENFORCE);
	}

	/**
	 * Create an operation that is charged with the decision.
	 * @param name the name in metrics and logs
	 * @param usage what a call uses
	 * @return the operation
	 */
	public static MeteredOperation of(String name, Usage usage) {
		return new MeteredOperation(name, null, usage, ChargeOn.ADMISSION, List.of());
	}

}
