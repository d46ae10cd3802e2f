package io.threescale.spring.observation;

import io.micrometer.common.KeyValues;
import io.threescale.spring.observation.ThreeScaleClientObservation.Key;

/**
 * The names used unless a bean says otherwise.
 *
 * @since 0.1.0
 */
public class DefaultThreeScaleClientObservationConvention implements ThreeScaleClientObservationConvention {

	@Override
	public String getName() {
		return "threescale.client.requests";
	}

	@Override
	public String getContextualName(ThreeScaleClientObservationContext context) {
		return "3scale " + context.operation();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ThreeScaleClientObservationContext context) {
		return KeyValues.of(Key.SERVICE.withValue(context.service()), Key.OPERATION.withValue(context.operation()),
				Key.OUTCOME.withValue(context.outcome()));
	}

}
