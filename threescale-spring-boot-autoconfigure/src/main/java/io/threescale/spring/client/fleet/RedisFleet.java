package io.threescale.spring.client.fleet;

import java.time.Duration;

import io.threescale.spring.client.SteadyTime;
import org.jetbrains.annotations.ApiStatus;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.scheduling.TaskScheduler;

/**
 * A fleet that shares a Redis.
 */
@ApiStatus.Internal
public final class RedisFleet implements Fleet {

	private static final Duration HEARTBEAT = Duration.ofSeconds(2);

	private final RedisScripts scripts;

	private final EvictionCheck evictionCheck;

	private final String keyPrefix;

	private final FleetSecret secret;

	private final Duration heartbeat;

	/**
	 * Create a fleet. Redis is not asked yet.
	 * @param connections to Redis
	 * @param keyPrefix what all keys begin with
	 * @param secret what the members share, and Redis does not know
	 */
	public RedisFleet(ReactiveRedisConnectionFactory connections, String keyPrefix, String secret) {
		this(connections, keyPrefix, secret, HEARTBEAT);
	}

	/**
	 * Create a fleet in a time of its own.
	 * @param heartbeat time between two heartbeats
	 */
	RedisFleet(ReactiveRedisConnectionFactory connections, String keyPrefix, String secret, Duration heartbeat) {
		this.scripts = new RedisScripts(connections);
		this.evictionCheck = new EvictionCheck(connections);
		this.keyPrefix = keyPrefix;
		this.secret = new FleetSecret(secret);
		this.heartbeat = heartbeat;
	}

	@Override
	public Membership join(String service, TaskScheduler tasks, SteadyTime time) {
		FleetKeys keys = FleetKeys.of(this.keyPrefix, service);
		FleetMembers members = new FleetMembers(this.scripts, keys, tasks, time, this.heartbeat);
		members.afterBeat(this.evictionCheck);
		UsageCipher cipher = new UsageCipher(this.secret, keys);
		return new Membership(new RedisUsageSpool(members, cipher),
				new RedisClaims(this.scripts, members, this.secret, time), new RedisChanges(members, cipher));
	}

}
