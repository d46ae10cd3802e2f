package io.threescale.spring.client;

import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;

/**
 * What a call came to, in one line.
 */
final class Outcome {

	private Outcome() {
	}

	/**
	 * A call of a client; the result of a report is {@code null}.
	 */
	interface Call {

		Object make();

	}

	static Call reporting(Runnable report) {
		return () -> {
			report.run();
			return null;
		};
	}

	static String of(Call call) {
		try {
			Object result = call.make();
			if (result instanceof Denied denied) {
				return "denied " + denied.code();
			}
			return (result instanceof Granted) ? "granted" : "accepted";
		}
		catch (ThreeScaleException ex) {
			return of(ex);
		}
	}

	static String of(ThreeScaleException failure) {
		if (failure instanceof ThreeScaleMisconfiguredException misconfigured) {
			return "misconfigured " + ((misconfigured.code() != null) ? misconfigured.code() : "-");
		}
		if (failure instanceof ThreeScaleUnavailableException unavailable) {
			return unavailable.isAmbiguous() ? "ambiguous" : "unavailable";
		}
		return "partial, " + of(((PartialReportException) failure).failure());
	}

}
