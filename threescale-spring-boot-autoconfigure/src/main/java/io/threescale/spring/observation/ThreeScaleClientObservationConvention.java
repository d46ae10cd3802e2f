package io.threescale.spring.observation;

import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a backend call and its keys. A bean of this type replaces the
 * {@linkplain DefaultThreeScaleClientObservationConvention default}.
 *
 * @since 0.1.0
 */
public interface ThreeScaleClientObservationConvention
		extends ObservationConvention<ThreeScaleClientObservationContext> {

	@Override
	default boolean supportsContext(Context context) {
		return context instanceof ThreeScaleClientObservationContext;
	}

}
