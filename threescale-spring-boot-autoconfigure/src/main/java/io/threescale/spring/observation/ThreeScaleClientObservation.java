package io.threescale.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observation of a backend call.
 *
 * @since 0.1.0
 */
public enum ThreeScaleClientObservation implements ObservationDocumentation {

	/** One call of the backend. With a meter registry, a timer. */
	CALL {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultThreeScaleClientObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return Key.values();
		}

	};

	/**
	 * The key names, all of few values.
	 */
	public enum Key implements KeyName {

		/** {@code authorize}, {@code authrep} or {@code report}. */
		OPERATION {

			@Override
			public String asString() {
				return "operation";
			}

		},

		/**
		 * {@code granted}, {@code denied}, {@code accepted}, {@code misconfigured},
		 * {@code unavailable} if nothing was counted for sure, {@code ambiguous} if
		 * nobody knows, {@code cancelled}; {@code unknown} while it goes on.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		},

		/** The id of the service, or {@code default}. */
		SERVICE {

			@Override
			public String asString() {
				return "service";
			}

		}

	}

}
