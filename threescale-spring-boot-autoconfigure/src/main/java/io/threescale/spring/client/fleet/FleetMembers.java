package io.threescale.spring.client.fleet;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.reporting.SteadyTime;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.scheduling.TaskScheduler;

/**
 * The members of a fleet, as this one sees them. It tells Redis that it is alive, and
 * learns in the same step how many there are and who is dead.
 */
final class FleetMembers {

	/** Heartbeats that may be missing before a member is dead. */
	private static final int MISSING = 5;

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> HEARTBEAT = RedisScripts.load("heartbeat");

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

	/** Since when all heartbeats were answered. */
	private volatile long connectedSince;

	private volatile boolean wasAway;

	/** Number of the last write that Redis has confirmed. */
	private volatile long lastWrite;

	private volatile @Nullable Future<?> beating;

	private volatile boolean stopped;

	/**
	 * What an answer told.
	 *
	 * @param askedAt when the question left, by {@link SteadyTime}
	 * @param state what became of this member
	 * @param size how many members are alive
	 * @param left some of the members that have left in order
	 * @param dead some of the members that are dead
	 */
	record View(long askedAt, State state, int size, List<String> left, List<String> dead) {
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
	void stop() {
		this.stopped = true;
		Future<?> beating = this.beating;
		if (beating != null) {
			beating.cancel(false);
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

	/**
	 * Tell how many members are alive, this one included.
	 */
	int size() {
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
	 * Return members whose usage may be adopted. While Redis was away, no member could
	 * tell it anything, so it takes a while until silence means something again.
	 */
	List<String> adoptable() {
		View view = this.view;
		if (view == null) {
			return List.of();
		}
		if (view.askedAt() - this.connectedSince < deadAfter().toNanos()) {
			return this.wasAway ? List.of() : view.left();
		}
		return Stream.concat(view.left().stream(), view.dead().stream()).toList();
	}

	/**
	 * Become another member, as this one was fenced.
	 */
	synchronized void renew() {
		this.id = newId();
		this.view = null;
		this.lastWrite = 0;
		beat();
	}

	/**
	 * Tell whether Redis has answered last time.
	 */
	boolean isConnected() {
		return this.connected;
	}

	/**
	 * Return the number of the last write of this member that Redis has confirmed.
	 */
	long lastWrite() {
		return this.lastWrite;
	}

	/**
	 * Note that Redis has confirmed a write, so that it is noticed if it is lost.
	 * @param number its number, 0 if all will be written anew
	 */
	void confirmed(long number) {
		this.lastWrite = number;
	}

	/**
	 * Note that Redis did not answer. Nobody asks it again before it answers a heartbeat.
	 */
	void disconnected(Throwable failure) {
		this.connected = false;
		this.wasAway = true;
		this.log.warn("away", () -> "Redis does not answer, and this instance goes on alone: "
				+ NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
	}

	private synchronized void beat() {
		if (this.stopped) {
			return;
		}
		long askedAt = this.time.read();
		View before = this.view;
		List<String> arguments = List.of(this.id, String.valueOf(deadAfter().toMillis()), (before != null) ? "1" : "0",
				String.valueOf(this.lastWrite));
		try {
			List<String> answer = this.scripts
				.run(HEARTBEAT, List.of(this.keys.members(), this.keys.fence(this.id), this.keys.usage(this.id)),
						arguments, this.connected ? RedisScripts.TIMEOUT : RedisScripts.CONNECT_TIMEOUT)
				.toFuture()
				.join();
			int dead = 3 + Integer.parseInt(answer.get(2));
			connected(new View(askedAt, State.valueOf(answer.get(0)), Integer.parseInt(answer.get(1)),
					List.copyOf(answer.subList(3, dead)), List.copyOf(answer.subList(dead, answer.size()))));
		}
		catch (RuntimeException ex) {
			disconnected(ex);
			return;
		}
		this.listeners.forEach(Runnable::run);
	}

	private void connected(View view) {
		View before = this.view;
		boolean paused = before != null && view.askedAt() - before.askedAt() > deadAfter().toNanos();
		if (!this.connected || paused) {
			this.connectedSince = view.askedAt();
			this.wasAway |= paused;
		}
		this.view = view;
		this.connected = true;
	}

}
