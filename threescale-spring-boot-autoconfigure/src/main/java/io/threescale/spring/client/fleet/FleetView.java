package io.threescale.spring.client.fleet;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an answer to a heartbeat told.
 *
 * @param askedAt when the question left, by the steady time
 * @param time when Redis answered, by its clock, in milliseconds
 * @param state what became of this member
 * @param size how many members are alive
 * @param offset how many of those that are gone were passed over
 * @param left some of the members that have left in order
 * @param gone the same, and some of the members that are dead
 */
record FleetView(long askedAt, long time, State state, int size, int offset, List<String> left, List<String> gone) {

	/** How many of those that are gone an answer names. */
	static final int PAGE = 10;

	/**
	 * What became of this member in Redis.
	 */
	enum State {

		/** It is one. */
		MEMBER,

		/** It was one, but Redis has lost its data, or some. It is one again. */
		FORGOTTEN,

		/** It was silent so long that its usage was adopted. */
		FENCED

	}

	static FleetView of(long askedAt, int offset, List<String> answer) {
		List<String> gone = List.copyOf(answer.subList(4, answer.size()));
		return new FleetView(askedAt, Long.parseLong(answer.get(1)), State.valueOf(answer.get(0)),
				Integer.parseInt(answer.get(2)), offset, gone.subList(0, Integer.parseInt(answer.get(3))), gone);
	}

	/**
	 * Return this with as many members as there were, as nobody can tell who is dead.
	 */
	FleetView noSmallerThan(FleetView before) {
		return new FleetView(this.askedAt, this.time, this.state, Math.max(this.size, before.size), this.offset,
				this.left, this.gone);
	}

	/**
	 * Tell whether others may have been heard of since an earlier answer, and this one
	 * does not know: this instance has slept, Redis has lost data, or its clock was set.
	 */
	boolean breaksWith(FleetView before, Duration deadAfter) {
		long elapsed = TimeUnit.NANOSECONDS.toMillis(this.askedAt - before.askedAt);
		long set = Math.abs(this.time - before.time - elapsed);
		return elapsed > deadAfter.toMillis() || this.state == State.FORGOTTEN || set > deadAfter.toMillis() / 2;
	}

	/**
	 * Return how many to pass over next time, so that those who are left alone hide no
	 * others.
	 */
	int next(Collection<String> leftAlone) {
		return (this.gone.size() == PAGE && leftAlone.containsAll(this.gone)) ? this.offset + PAGE : 0;
	}

}
