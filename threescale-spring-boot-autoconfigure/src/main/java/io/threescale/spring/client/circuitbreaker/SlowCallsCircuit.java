package io.threescale.spring.client.circuitbreaker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.threescale.spring.ThreeScaleUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * Opens on calls that are answered slowly or by nobody, and on no other: a router that
 * says 503 at once, or a denial, keeps nobody waiting.
 */
final class SlowCallsCircuit implements Circuit {

	private static final int IN_A_ROW = 10;

	private static final int CALLS = 20;

	private static final int BAD_CALLS = 16;

	private static final long WINDOW = Duration.ofSeconds(10).toNanos();

	private static final long REST = Duration.ofSeconds(5).toNanos();

	private final long slow;

	private final LongSupplier nanoTime;

	private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();

	private final Deque<Call> calls = new ArrayDeque<>(CALLS);

	private volatile State state = State.CLOSED;

	private int inARow;

	private long openedAt;

	private boolean trying;

	SlowCallsCircuit(Duration slow, LongSupplier nanoTime) {
		this.slow = slow.toNanos();
		this.nanoTime = nanoTime;
	}

	private record Call(long at, boolean bad) {
	}

	@Override
	public boolean tryEnter() {
		if (this.state == State.CLOSED) {
			return true;
		}
		State changed = null;
		synchronized (this) {
			if (this.state == State.OPEN && this.nanoTime.getAsLong() - this.openedAt >= REST) {
				changed = State.HALF_OPEN;
				this.state = changed;
				this.trying = false;
			}
			if (this.state == State.OPEN || this.trying) {
				return false;
			}
			this.trying = this.state == State.HALF_OPEN;
		}
		tell(changed);
		return true;
	}

	@Override
	public void answered(Duration took) {
		tell(record(took.toNanos() >= this.slow));
	}

	@Override
	public void failed(Duration took, ThreeScaleUnavailableException failure) {
		if (isUnanswered(took, failure)) {
			tell(record(true));
		}
		else {
			cancelled();
		}
	}

	/**
	 * Something else than 3scale may have answered, we may have had no connection, or
	 * little time. None of that says how long the backend takes.
	 */
	private boolean isUnanswered(Duration took, ThreeScaleUnavailableException failure) {
		Throwable cause = failure.getCause();
		return cause != null && (!(cause instanceof TimeoutException) || took.toNanos() >= this.slow);
	}

	private synchronized @Nullable State record(boolean bad) {
		long now = this.nanoTime.getAsLong();
		return switch (this.state) {
			case CLOSED -> add(new Call(now, bad)) ? open(now) : null;
			case HALF_OPEN -> bad ? open(now) : close();
			case OPEN -> null;
		};
	}

	private boolean add(Call call) {
		this.inARow = call.bad() ? this.inARow + 1 : 0;
		if (this.calls.size() == CALLS) {
			this.calls.remove();
		}
		this.calls.add(call);
		return this.inARow >= IN_A_ROW || this.calls.size() == CALLS && call.at() - this.calls.element().at() <= WINDOW
				&& this.calls.stream().filter(Call::bad).count() >= BAD_CALLS;
	}

	private State open(long now) {
		this.openedAt = now;
		this.state = State.OPEN;
		return State.OPEN;
	}

	private State close() {
		this.inARow = 0;
		this.calls.clear();
		this.state = State.CLOSED;
		return State.CLOSED;
	}

	@Override
	public synchronized void cancelled() {
		this.trying = false;
	}

	@Override
	public State state() {
		return this.state;
	}

	@Override
	public void onTransition(Consumer<State> listener) {
		this.listeners.add(listener);
	}

	private void tell(@Nullable State changed) {
		if (changed != null) {
			this.listeners.forEach((listener) -> listener.accept(changed));
		}
	}

}
