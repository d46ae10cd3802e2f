package io.threescale.spring.client.http;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How the client talks to the backend. Every wait is bounded: for a connection, for the
 * next bytes, and for the whole call.
 *
 * @param connectTimeout how long to wait for a new connection, or for one to become free
 * @param responseTimeout how long to wait for the answer once the request has left
 * @param totalTimeout how long one call may take in all
 * @param maxConnections how many connections are open at most
 * @param maxWaiting how many calls may wait for a backend that does not answer promptly;
 * more fail at once
 * @param maxLifeTime how long a connection is used, so that a change of the address
 * behind a name is noticed
 * @param proxy the HTTP proxy in front of the backend, such as
 * {@code http://user:password@proxy:3128}, or {@code null}
 * @since 0.1.0
 */
public record ConnectionSettings(Duration connectTimeout, Duration responseTimeout, Duration totalTimeout,
		int maxConnections, int maxWaiting, Duration maxLifeTime, @Nullable URI proxy) {

	public ConnectionSettings {
		requirePositive(connectTimeout, "connectTimeout");
		requirePositive(responseTimeout, "responseTimeout");
		requirePositive(totalTimeout, "totalTimeout");
		requirePositive(maxLifeTime, "maxLifeTime");
		Assert.isTrue(maxConnections > 0, "'maxConnections' must be positive");
		Assert.isTrue(maxWaiting > 0, "'maxWaiting' must be positive");
		Assert.isTrue(proxy == null || proxy.getHost() != null, "'proxy' must be a URL with a host");
	}

	/**
	 * Return settings fit for a call within a call: short waits, 64 connections.
	 * @return the settings
	 */
	public static ConnectionSettings defaults() {
		return new ConnectionSettings(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), 64, 64,
				Duration.ofMinutes(5), null);
	}

	private static void requirePositive(Duration duration, String name) {
		Assert.isTrue(!duration.isNegative() && !duration.isZero(), () -> "'" + name + "' must be positive");
	}

	@Override
	public String toString() {
		return "ConnectionSettings[connectTimeout=" + this.connectTimeout + ", responseTimeout=" + this.responseTimeout
				+ ", totalTimeout=" + this.totalTimeout + ", maxConnections=" + this.maxConnections + "]";
	}

}
