package io.threescale.spring.observation;

import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a decision and its keys. A bean of this type replaces the
 * {@linkplain DefaultMeteringObservationConvention default}, and asks for observations
 * where there is no tracing.
 *
 * @since 0.1.0
 */
public interface MeteringObservationConvention extends ObservationConvention<MeteringObservationContext> {

	@Override
	default boolean supportsContext(Context context) {
		return context instanceof MeteringObservationContext;
	}

}
