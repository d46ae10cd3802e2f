package io.threescale.spring.client;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What travels beside a request, out of everybody's sight: the query, which is secret;
 * whether the request has begun to leave, which tells a harmless failure from an
 * ambiguous one; and the beginning of the answer, which outlives a failure of the rest.
 */
final class Departure {

	private final String query;

	private volatile boolean begun;

	private volatile @Nullable Answer answer;

	Departure(String query) {
		this.query = query;
	}

	static Departure from(ContextView context) {
		return context.get(Departure.class);
	}

	Context into(Context context) {
		return context.put(Departure.class, this);
	}

	String complete(String uri) {
		return this.query.isEmpty() ? uri : uri + "?" + this.query;
	}

	void begin() {
		this.begun = true;
	}

	boolean hasBegun() {
		return this.begun;
	}

	void answered(Answer head) {
		this.answer = head;
	}

	@Nullable Answer answer() {
		return this.answer;
	}

}
