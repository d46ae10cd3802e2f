package io.threescale.spring.observation;

import java.util.Locale;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.threescale.spring.Authorization;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.observation.MeteringObservation.HighCardinalityKey;
import io.threescale.spring.observation.MeteringObservation.LowCardinalityKey;
import org.jspecify.annotations.Nullable;

/**
 * The names of the observation of a decision, {@code threescale.decisions}, and of its
 * keys: those of {@link MeteringObservation}.
 *
 * @since 0.1.0
 */
public class DefaultMeteringObservationConvention implements MeteringObservationConvention {

	@Override
	public String getName() {
		return "threescale.decisions";
	}

	@Override
	public String getContextualName(MeteringObservationContext context) {
		return "3scale decision";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(MeteringObservationContext context) {
		MeteringDecision decision = context.decision();
		Authorization authorization = (decision != null) ? decision.authorization() : null;
		return KeyValues.of(LowCardinalityKey.OPERATION.withValue(context.operation()),
				LowCardinalityKey.OUTCOME.withValue((decision != null) ? words(decision.outcome()) : "unknown"),
				LowCardinalityKey.REASON.withValue(reason((decision != null) ? decision.code() : null)),
				LowCardinalityKey.SERVICE.withValue(context.service()),
				LowCardinalityKey.SOURCE.withValue((authorization != null) ? words(authorization.source()) : "none"));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(MeteringObservationContext context) {
		MeteringDecision decision = context.decision();
		Authorization authorization = (decision != null) ? decision.authorization() : null;
		return KeyValues.of(HighCardinalityKey.APPLICATION.withValue(known(context.application())),
				HighCardinalityKey.PLAN.withValue(known((authorization != null) ? authorization.plan() : null)));
	}

	private static String known(@Nullable String value) {
		return (value != null) ? value : KeyValue.NONE_VALUE;
	}

	private static String reason(@Nullable ErrorCode code) {
		return (code == null) ? KeyValue.NONE_VALUE : code.isKnown() ? code.value() : BoundedTag.OTHER;
	}

	static String words(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
