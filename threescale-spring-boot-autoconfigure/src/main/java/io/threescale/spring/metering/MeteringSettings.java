package io.threescale.spring.metering;

import org.jetbrains.annotations.ApiStatus;

/**
 * How calls are metered.
 *
 * @param failurePolicy what happens when 3scale cannot be asked
 * @param anonymousPass whether calls without credentials pass unmetered
 * @param forwardReferrer whether 3scale gets the {@code Referer} of the caller, for
 * services with referrer filters
 * @param rateLimitHeaders whether granted calls are answered with {@code RateLimit}
 * headers; denied ones always are
 * @param responseCodes whether 3scale gets the HTTP statuses answered; all calls are then
 * charged when they are done
 * @param reportsUndecided whether the usage of calls that pass undecided is reported; of
 * use with a client that buffers reports until 3scale is back
 * @param enforcement what becomes of calls that are denied, unless their operation lets
 * more pass
 * @since 0.1.0
 */
@ApiStatus.Internal
public record MeteringSettings(FailurePolicy failurePolicy, boolean anonymousPass, boolean forwardReferrer,
		boolean rateLimitHeaders, boolean responseCodes, boolean reportsUndecided, Enforcement enforcement) {

}
