package io.threescale.spring.client;

import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What travels beside a request, out of everybody's sight: the query, which is secret,
 * and the options; whether the request has begun to leave, which tells a harmless failure
 * from an ambiguous one; and the beginning of the answer, which outlives a failure of the
 * rest.
 */
final class Departure {

	private static final String OPTIONS = "3scale-options";

	private final String query;

	private final String options;

	private volatile boolean begun;

	private volatile @Nullable Answer answer;

	Departure(String query, String options) {
		this.query = query;
		this.options = options;
	}

	static Departure from(ContextView context) {
		return context.get(Departure.class);
	}

	Context into(Context context) {
		return context.put(Departure.class, this);
	}

	/**
	 * Complete the request, which begins to leave.
	 */
	void begin(HttpRequest request) {
		if (!this.query.isEmpty()) {
			request.setUri(request.uri() + "?" + this.query);
		}
		if (!this.options.isEmpty()) {
			request.headers().set(OPTIONS, this.options);
		}
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
