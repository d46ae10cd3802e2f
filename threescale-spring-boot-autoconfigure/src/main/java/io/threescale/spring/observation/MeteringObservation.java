package io.threescale.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observation of a decision about a metered call. Calls of the backend that it takes
 * are its children.
 *
 * @since 0.1.0
 */
public enum MeteringObservation implements ObservationDocumentation {

	/** One decision. With a meter registry, a timer. */
	DECISION {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultMeteringObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKey.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKey.values();
		}

	};

	/**
	 * The key names of few values.
	 */
	public enum LowCardinalityKey implements KeyName {

		/** The name of the operation, one of 1,000 at most; the rest is {@code other}. */
		OPERATION {

			@Override
			public String asString() {
				return "operation";
			}

		},

		/** The outcome, as in {@code threescale.calls}. */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		},

		/**
		 * The code of 3scale, {@code none}, or {@code other} if it is not a known one.
		 */
		REASON {

			@Override
			public String asString() {
				return "reason";
			}

		},

		/** The id of the service, or its name if it has none. */
		SERVICE {

			@Override
			public String asString() {
				return "service";
			}

		},

		/**
		 * {@code local}, {@code backend}, {@code last-known}; {@code none} if undecided.
		 */
		SOURCE {

			@Override
			public String asString() {
				return "source";
			}

		}

	}

	/**
	 * The key names of many values, which meters do not get.
	 */
	public enum HighCardinalityKey implements KeyName {

		/**
		 * The id of the application, or a hash of its user key. In spans only.
		 */
		APPLICATION {

			@Override
			public String asString() {
				return "application";
			}

		},

		/** The plan of the application. In spans only. */
		PLAN {

			@Override
			public String asString() {
				return "plan";
			}

		}

	}

}
