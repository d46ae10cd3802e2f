package io.threescale.spring.client.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.threescale.spring.client.QuietLog;
import io.threescale.spring.client.SteadyTime;
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

	/** Held while Redis is asked; no call of the protected API waits for it. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Dead members whose usage cannot be read here. */
	private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

	private volatile String id = newId();

	private volatile @Nullable FleetView view;

	private volatile boolean connected;

	/** Since when all heartbeats were answered, by one Redis and one clock. */
	private volatile long connectedSince;

	private volatile boolean wasAway;

	private volatile LongSupplier lastWrite = () -> 0;

	private volatile @Nullable Future<?> beating;

	private volatile boolean stopped;

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
	 * @param lastWrite tells the number of the last write that Redis has confirmed, so
	 * that it is noticed if that is lost
	 */
	void start(LongSupplier lastWrite) {
		this.lastWrite = lastWrite;
		beat();
		this.beating = this.tasks.scheduleWithFixedDelay(this::beat,
				this.tasks.getClock().instant().plus(this.interval), this.interval);
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
		FleetView view = this.view;
		return (view != null) ? Math.max(1, view.size()) : 1;
	}

	/**
	 * Return the last answer, or {@code null} if there was none.
	 */
	@Nullable FleetView view() {
		return this.view;
	}

	/**
	 * Return members whose usage may be adopted. While Redis was away, no member could
	 * tell it anything, and what they told it may be lost. So it takes a while until
	 * silence means something again.
	 */
	List<String> adoptable() {
		FleetView view = this.view;
		if (view == null) {
			return List.of();
		}
		List<String> adoptable = new ArrayList<>();
		if (silenceTells(view)) {
			adoptable.addAll(view.gone());
		}
		else if (!this.wasAway) {
			adoptable.addAll(view.left());
		}
		adoptable.removeAll(this.unreadable);
		return adoptable;
	}

	private boolean silenceTells(FleetView view) {
		return view.askedAt() - this.connectedSince >= deadAfter().toNanos();
	}

	/**
	 * Leave a dead member alone, as its usage cannot be read here. Others may be able to.
	 * @return whether that is new
	 */
	boolean leaveAlone(String member) {
		return this.unreadable.add(member);
	}

	/**
	 * Become another member, as this one was fenced.
	 */
	void renew() {
		this.lock.lock();
		try {
			this.id = newId();
			this.view = null;
			beat();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tell whether Redis has answered last time.
	 */
	boolean isConnected() {
		return this.connected;
	}

	/**
	 * Run a script, and note if Redis does not answer. One that it refuses says nothing
	 * about the others.
	 * @return what it answers
	 */
	@SuppressWarnings("rawtypes")
	List<String> run(RedisScript<List> script, List<String> keys, List<String> arguments) {
		try {
			return this.scripts.await(script, keys, arguments);
		}
		catch (RuntimeException ex) {
			String refusal = RedisScripts.refusal(ex);
			if (refusal != null) {
				this.log.warn("refused", () -> "Redis refuses what instances share: " + refusal);
			}
			else {
				disconnected(ex);
			}
			throw ex;
		}
	}

	/**
	 * Note that Redis did not answer. Nobody asks it again before it answers a heartbeat.
	 */
	private void disconnected(RuntimeException failure) {
		this.connected = false;
		this.wasAway = true;
		this.log.warn("away", () -> "Redis does not answer, and this instance goes on alone: "
				+ NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
	}

	private void beat() {
		this.lock.lock();
		try {
			if (!this.stopped && ask()) {
				this.listeners.forEach(Runnable::run);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean ask() {
		long askedAt = this.time.read();
		FleetView before = this.view;
		int offset = (before != null) ? before.next(this.unreadable) : 0;
		List<String> arguments = List.of(this.id, String.valueOf(deadAfter().toMillis()),
				String.valueOf((before != null) ? before.time() : 0), String.valueOf(this.lastWrite.getAsLong()),
				String.valueOf(offset), String.valueOf(FleetView.PAGE));
		try {
			List<String> answer = this.scripts
				.run(HEARTBEAT, List.of(this.keys.members(), this.keys.fence(this.id), this.keys.usage(this.id)),
						arguments, this.connected ? RedisScripts.TIMEOUT : RedisScripts.CONNECT_TIMEOUT)
				.toFuture()
				.join();
			connected(FleetView.of(askedAt, offset, answer));
			return true;
		}
		catch (RuntimeException ex) {
			disconnected(ex);
			return false;
		}
	}

	private void connected(FleetView view) {
		FleetView before = this.view;
		boolean broken = before != null && view.breaksWith(before, deadAfter());
		if (!this.connected || broken) {
			this.connectedSince = view.askedAt();
			this.wasAway |= broken;
		}
		this.view = (before == null || silenceTells(view)) ? view : view.noSmallerThan(before);
		this.connected = true;
	}

}
