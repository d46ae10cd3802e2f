package io.threescale.spring.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import reactor.core.publisher.Mono;

/**
 * Bounds how long calls take in all. Few calls ever reach it, so that it is on time by a
 * tenth of a second only, and costs a call no thread that has to wake up.
 */
final class Deadline implements AutoCloseable {

	private static final long TICK_MILLIS = 100;

	private final HashedWheelTimer timer = new HashedWheelTimer(new DefaultThreadFactory("threescale-deadline", true),
			TICK_MILLIS, TimeUnit.MILLISECONDS);

	private final Mono<Boolean> over;

	Deadline(Duration time) {
		this.over = Mono.create((sink) -> {
			Timeout timeout = this.timer.newTimeout((due) -> sink.success(true), time.toMillis(),
					TimeUnit.MILLISECONDS);
			sink.onDispose(timeout::cancel);
		});
	}

	/**
	 * Have a call fail with a {@link TimeoutException} when it takes too long.
	 */
	<T> Mono<T> of(Mono<T> call) {
		// Without an error of ours, Reactor words one anew for each call
		return call.timeout(this.over, Mono.error(TimeoutException::new));
	}

	@Override
	public void close() {
		this.timer.stop();
	}

}
