package io.threescale.spring.client.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Runs scripts in Redis. Each is atomic, touches one slot, and answers a list of texts.
 */
final class RedisScripts {

	/** Beyond that, Redis counts as away, whatever timeout the connection has. */
	static final Duration TIMEOUT = Duration.ofSeconds(1);

	/** What it may take until a connection is open. */
	static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	private final ReactiveRedisConnectionFactory connections;

	private final ReactiveStringRedisTemplate redis;

	RedisScripts(ReactiveRedisConnectionFactory connections) {
		this.connections = connections;
		this.redis = new ReactiveStringRedisTemplate(connections);
	}

	/**
	 * Load a script.
	 * @param name the name of its file, without the extension
	 */
	@SuppressWarnings("rawtypes")
	static RedisScript<List> load(String name) {
		return RedisScript.of(new ClassPathResource(name + ".lua", RedisScripts.class), List.class);
	}

	/**
	 * Run a script.
	 * @param timeout how long to wait
	 * @return what it answers; fails after the timeout, and it may run all the same
	 */
	@SuppressWarnings({ "rawtypes", "unchecked" })
	Mono<List<String>> run(RedisScript<List> script, List<String> keys, List<String> arguments, Duration timeout) {
		return Mono.fromCallable(this::connect)
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((failure) -> failure.<Mono<List<String>>>map(Mono::error)
				.orElseGet(() -> this.redis.execute(script, keys, arguments)
					.next()
					.map((answer) -> (List<String>) answer)))
			.timeout(timeout,
					Mono.error(() -> new TimeoutException("There is no answer within " + timeout.toMillis() + " ms")));
	}

	/**
	 * Tell why Redis has refused a script, which has done nothing then.
	 * @return the answer of Redis, or {@code null} if there was none
	 */
	static @Nullable String refusal(RuntimeException failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return (cause instanceof RedisCommandExecutionException) ? cause.getMessage() : null;
	}

	/**
	 * Open the connection, which blocks the first time. After a timeout this is
	 * interrupted: its failure is a value then, as nobody is there to be told of an
	 * error.
	 */
	private Optional<RuntimeException> connect() {
		try {
			this.connections.getReactiveConnection().close();
			return Optional.empty();
		}
		catch (RuntimeException ex) {
			return Optional.of(ex);
		}
	}

	/**
	 * Run a script, and wait for it no longer than {@link #TIMEOUT}.
	 * @return what it answers
	 */
	@SuppressWarnings("rawtypes")
	List<String> await(RedisScript<List> script, List<String> keys, List<String> arguments) {
		return run(script, keys, arguments, TIMEOUT).toFuture().join();
	}

}
