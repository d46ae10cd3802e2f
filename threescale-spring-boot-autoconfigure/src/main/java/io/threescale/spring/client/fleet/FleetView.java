package io.threescale.spring.client.fleet;

import java.util.Collection;
import java.util.List;

/**
 * What an answer to a heartbeat told.
 *
 * @param askedAt when the question left, by the steady time
 * @param state what became of this member
 * @param size how many members are alive
 * @param offset how many of those that are gone were passed over
 * @param left some of the members that have left in order
 * @param gone the same, and some of the members that are dead
 */
record FleetView(long askedAt, State state, int size, int offset, List<String> left, List<String> gone) {

	/** How many of those that are gone an answer names. */
	static final int PAGE = 10;

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

	static FleetView of(long askedAt, int offset, List<String> answer) {
		List<String> gone = List.copyOf(answer.subList(3, answer.size()));
		return new FleetView(askedAt, State.valueOf(answer.get(0)), Integer.parseInt(answer.get(1)), offset,
				gone.subList(0, Integer.parseInt(answer.get(2))), gone);
	}

	/**
	 * Return how many to pass over next time, so that those who are left alone hide no
	 * others.
	 */
	int next(Collection<String> leftAlone) {
		return (this.gone.size() == PAGE && leftAlone.containsAll(this.gone)) ? this.offset + PAGE : 0;
	}

}
