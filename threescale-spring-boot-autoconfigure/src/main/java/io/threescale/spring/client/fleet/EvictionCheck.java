package io.threescale.spring.client.fleet;

import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * Warns, once, of a Redis that may throw usage away when it is full. It asks for
 * {@code INFO}, as {@code CONFIG} is often forbidden.
 */
final class EvictionCheck implements Runnable {

	private static final Log logger = LogFactory.getLog(EvictionCheck.class);

	private final AtomicBoolean done = new AtomicBoolean();

	private final ReactiveRedisConnectionFactory connections;

	EvictionCheck(ReactiveRedisConnectionFactory connections) {
		this.connections = connections;
	}

	@Override
	public void run() {
		if (this.done.compareAndSet(false, true)) {
			Mono.usingWhen(Mono.fromSupplier(this.connections::getReactiveConnection),
					(connection) -> connection.serverCommands().info("memory"), ReactiveRedisConnection::closeLater)
				.subscribe(EvictionCheck::check, (failure) -> logger.debug("Redis does not tell its policy", failure));
		}
	}

	/** In a cluster, the names begin with that of a node. */
	private static void check(Properties memory) {
		memory.stringPropertyNames()
			.stream()
			.filter((name) -> name.endsWith("maxmemory_policy"))
			.map(memory::getProperty)
			.filter((policy) -> !policy.equals("noeviction"))
			.findFirst()
			.ifPresent(
					(policy) -> logger.warn("Redis may throw away usage when it is full, as its maxmemory-policy is '"
							+ policy + "'. Set it to 'noeviction'"));
	}

}
