package io.threescale.spring.metering.event;

import java.time.Instant;

/**
 * Tells that 3scale serves a service no more, as the last three calls of it failed, or
 * that it does again.
 *
 * @param service the name of the service under {@code threescale.services}, or
 * {@code default}
 * @param available whether 3scale serves the service: the last call was served
 * @param since when the outage has begun: the first call failed
 * @since 0.1.0
 */
public record BackendAvailabilityEvent(String service, boolean available, Instant since) {

}
