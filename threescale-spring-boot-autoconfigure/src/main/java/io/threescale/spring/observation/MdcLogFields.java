package io.threescale.spring.observation;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.LogFields;
import io.threescale.spring.metering.MeteringDecision;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts into the MDC of SLF4J who calls which service on which plan, and how that was
 * decided.
 *
 * @param names names applications, without a secret
 * @since 0.1.0
 */
@ApiStatus.Internal
public record MdcLogFields(ApplicationNames names) implements LogFields {

	private static final String APPLICATION = "threescale.application";

	private static final String SERVICE = "threescale.service";

	private static final String PLAN = "threescale.plan";

	private static final String DECISION = "threescale.decision";

	@Override
	public void show(@Nullable MeteringDecision decision) {
		ApplicationCredentials caller = (decision != null) ? decision.caller() : null;
		Authorization authorization = (decision != null) ? decision.authorization() : null;
		put(APPLICATION, (caller != null) ? this.names.of(caller) : null);
		put(SERVICE, (decision != null) ? decision.service() : null);
		put(PLAN, (authorization != null) ? authorization.plan() : null);
		put(DECISION, (decision != null) ? DefaultMeteringObservationConvention.words(decision.outcome()) : null);
	}

	private static void put(String field, @Nullable String value) {
		if (value != null) {
			MDC.put(field, value);
		}
		else {
			MDC.remove(field);
		}
	}

}
