package io.threescale.spring.client.fleet;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.reporting.SteadyTime;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.scheduling.TaskScheduler;

/**
 * The members of a fleet, as this one sees them. It tells Redis that it is alive, and
 * learns in the same step how many there are, who is dead, and the time of Redis.
 */
final class FleetMembers implements Membership {

	/** Heartbeats that may be missing before a member is dead. */
	private static final int MISSING = 5;

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> HEARTBEAT = RedisScripts.load("heartbeat");

	/** Samples become worse with time, as clocks drift apart. */
	private static final double AGING = 1.02;

	private final RedisScripts scripts;

	private final FleetKeys keys;

	private final TaskScheduler tasks;

	private final SteadyTime time;

	private final Duration interval;

	private final QuietLog log;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile String id = newId();

	private volatile @Nullable View view;

	private volatile boolean connected;

	/** By how much the time of Redis is ahead of the steady time, in nanoseconds. */
	private volatile long offset;

	private double roundTrip = Double.MAX_VALUE;

	private @Nullable Future<?> beating;

	/**
	 * What an answer told.
	 *
	 * @param askedAt when the question left, by {@link SteadyTime}
	 * @param state what became of this member
	 * @param size how many members are alive
	 * @param dead some of the members that are dead
	 */
	record View(long askedAt, State state, int size, List<String> dead) {
	}

	/**
	 * What became of this member in Redis.
	 */
	enum State {

		/** It is one. */
		MEMBER,

		/** It was one, but Redis has lost its data. It is one again. */
		FORGOTTEN,

		/** It was silent so long that its usage was adopted. */
		FENCED

	}

	FleetMembers(RedisScripts scripts, FleetKeys keys, TaskScheduler tasks, SteadyTime time, Duration interval) {
		this.scripts = scripts;
		this.keys = keys;
		this.tasks = tasks;
		this.time = time;
		this.interval = interval;
		this.log = new QuietLog(LogFactory.getLog(FleetMembers.class), time::read);
	}

	private static String newId() {
		byte[] bytes = new byte[12];
		ThreadLocalRandom.current().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Become a member, if Redis is there, and go on telling it.
	 */
	synchronized void start() {
		if (this.beating == null) {
			beat();
			this.beating = this.tasks.scheduleWithFixedDelay(this::beat,
					this.tasks.getClock().instant().plus(this.interval), this.interval);
		}
	}

	/**
	 * Tell Redis nothing more.
	 */
	synchronized void stop() {
		if (this.beating != null) {
			this.beating.cancel(false);
		}
	}

	/**
	 * Have something done after each heartbeat that Redis has answered, on its thread.
	 */
	void afterBeat(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Return the time without a heartbeat after which a member is dead.
	 */
	Duration deadAfter() {
		return this.interval.multipliedBy(MISSING);
	}

	/**
	 * Return what this member is called. It is another one after it was fenced.
	 */
	String id() {
		return this.id;
	}

	FleetKeys keys() {
		return this.keys;
	}

	@Override
	public int size() {
		View view = this.view;
		return (view != null) ? Math.max(1, view.size()) : 1;
	}

	/**
	 * Return the last answer, or {@code null} if there was none.
	 */
	@Nullable View view() {
		return this.view;
	}

	/**
	 * Tell whether Redis has answered last time.
	 */
	boolean isConnected() {
		return this.connected;
	}

	/**
	 * Note that Redis did not answer. Nobody asks it again before it answers a heartbeat.
	 */
	void disconnected(Throwable failure) {
		this.connected = false;
		this.log.warn("away", () -> "Redis does not answer, and this instance goes on alone: "
				+ Exceptions.unwrap(failure).getMessage());
	}

	/**
	 * Tell the time of Redis.
	 * @param steadyTime the same time by {@link SteadyTime}
	 * @return milliseconds since the epoch
	 */
	long redisTime(long steadyTime) {
		return TimeUnit.NANOSECONDS.toMillis(steadyTime + this.offset);
	}

	private synchronized void beat() {
		long askedAt = this.time.read();
		View before = this.view;
		List<String> arguments = List.of(this.id, String.valueOf(deadAfter().toMillis()), (before != null) ? "1" : "0");
		try {
			List<String> answer = this.scripts.await(HEARTBEAT, List.of(this.keys.members(), this.keys.fence(this.id)),
					arguments);
			learnTime(askedAt, Long.parseLong(answer.get(1)));
			this.view = new View(askedAt, State.valueOf(answer.get(0)), Integer.parseInt(answer.get(2)),
					List.copyOf(answer.subList(3, answer.size())));
			this.connected = true;
		}
		catch (RuntimeException ex) {
			disconnected(ex);
			return;
		}
		this.listeners.forEach(Runnable::run);
	}

	/** The sample with the shortest way is the best. */
	private void learnTime(long askedAt, long redisMillis) {
		long taken = this.time.read() - askedAt;
		this.roundTrip *= AGING;
		if (taken <= this.roundTrip) {
			this.roundTrip = taken;
			this.offset = TimeUnit.MILLISECONDS.toNanos(redisMillis) - (askedAt + taken / 2);
		}
	}

}
