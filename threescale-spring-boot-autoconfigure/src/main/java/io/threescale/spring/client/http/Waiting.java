package io.threescale.spring.client.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Who waits for the backend. Any number may while answers come promptly; once they do
 * not, no more than a few, as each may be a thread of the web server.
 */
final class Waiting {

	private static final long PROMPT = Duration.ofMillis(200).toNanos();

	private final int max;

	private final LongSupplier nanoTime;

	private final AtomicInteger waiting = new AtomicInteger();

	/** When there was the last prompt answer, or nobody who waited for one. */
	private volatile long wellUntil;

	Waiting(int max, LongSupplier nanoTime) {
		this.max = max;
		this.nanoTime = nanoTime;
	}

	/**
	 * Join those who wait, unless there are too many.
	 */
	boolean enter() {
		int before = this.waiting.getAndIncrement();
		if (before == 0) {
			this.wellUntil = this.nanoTime.getAsLong();
		}
		else if (before >= this.max && !isPrompt()) {
			this.waiting.decrementAndGet();
			return false;
		}
		return true;
	}

	void answered(long since) {
		long now = this.nanoTime.getAsLong();
		if (now - since < PROMPT) {
			this.wellUntil = now;
		}
	}

	void leave() {
		this.waiting.decrementAndGet();
	}

	/**
	 * Tell whether those for whom there is not even a connection have to go.
	 */
	boolean isCrowded() {
		return this.waiting.get() > this.max && !isPrompt();
	}

	private boolean isPrompt() {
		return this.nanoTime.getAsLong() - this.wellUntil < PROMPT;
	}

}
