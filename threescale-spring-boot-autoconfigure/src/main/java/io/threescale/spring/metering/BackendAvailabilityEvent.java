package io.threescale.spring.metering;

import java.time.Instant;

import org.springframework.context.ApplicationEvent;

/**
 * Tells that 3scale serves a service no more, as the last three calls of it failed, or
 * that it does again.
 *
 * @since 0.1.0
 */
public final class BackendAvailabilityEvent extends ApplicationEvent {

	private final String service;

	private final boolean available;

	private final Instant since;

	/**
	 * Create an event.
	 * @param source who publishes it
	 * @param service the service
	 * @param available whether 3scale serves the service
	 * @param since when the outage has begun
	 */
	public BackendAvailabilityEvent(Object source, String service, boolean available, Instant since) {
		super(source);
		this.service = service;
		this.available = available;
		this.since = since;
	}

	/**
	 * Return the name of the service.
	 * @return its name under {@code threescale.services}, or {@code default}
	 */
	public String service() {
		return this.service;
	}

	/**
	 * Tell whether 3scale serves the service.
	 * @return whether the last call was served
	 */
	public boolean isAvailable() {
		return this.available;
	}

	/**
	 * Return when the outage has begun.
	 * @return when the first call failed
	 */
	public Instant since() {
		return this.since;
	}

}
