package io.threescale.spring.client.fleet;

import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.client.fleet.FleetInstance.Setup;
import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.awaitility.Awaitility.await;

/**
 * Instances on a Redis that is empty at first, beside the sandbox.
 */
final class FleetFixture implements AutoCloseable {

	private static final String KEYS = "test:v1:{1001}:";

	final ThreeScaleSandbox backend = ThreeScaleSandbox.start(SandboxWorld.of("1001",
			SandboxService.userKey("st1")
				.withMetrics(SandboxMetric.of("hits"))
				.withPlan("free")
				.withApplication(SandboxApplication.userKey(FleetInstance.USER_KEY).onPlan("free"))));

	final LettuceConnectionFactory connections;

	final StringRedisTemplate redis;

	private final LocalRedis server;

	private final List<Runnable> started = new ArrayList<>();

	FleetFixture(LocalRedis server) {
		this.server = server;
		this.connections = server.connect();
		this.redis = new StringRedisTemplate(this.connections);
		flushAll();
	}

	FleetInstance start() {
		return start(FleetInstance.FAST);
	}

	FleetInstance start(Setup setup) {
		return start(this.server.connect(), setup);
	}

	FleetInstance start(LettuceConnectionFactory connections) {
		return start(connections, FleetInstance.FAST);
	}

	private FleetInstance start(LettuceConnectionFactory connections, Setup setup) {
		FleetInstance instance = FleetInstance.start(connections, this.backend.uri(), setup);
		closeLater(instance::close);
		return instance;
	}

	void closeLater(Runnable close) {
		this.started.add(close);
	}

	void flushAll() {
		this.connections.getConnection().serverCommands().flushAll();
	}

	void set(String name, String value) {
		this.connections.getConnection().serverCommands().setConfig(name, value);
	}

	String members() {
		return KEYS + "members";
	}

	String usage(String member) {
		return KEYS + "usage:" + member;
	}

	/**
	 * Return the keys of all usage.
	 */
	List<String> usage() {
		return this.redis.keys(usage("*")).stream().toList();
	}

	/**
	 * Return whose usage stands under a key.
	 */
	String member(String usage) {
		return usage.substring(usage("").length());
	}

	/** Beside the entries, there is the number of the last write. */
	void awaitStored(int entries) {
		await()
			.until(() -> usage().stream().mapToLong((key) -> this.redis.opsForHash().size(key) - 1).sum() == entries);
	}

	long counted(FleetInstance instance) {
		instance.flush();
		return counted();
	}

	long counted() {
		return this.backend.usage(FleetInstance.USER_KEY, "hits");
	}

	@Override
	public void close() {
		this.started.forEach(Runnable::run);
		this.backend.close();
		this.connections.destroy();
	}

}
