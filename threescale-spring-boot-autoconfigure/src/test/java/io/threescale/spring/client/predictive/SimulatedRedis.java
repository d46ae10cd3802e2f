package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.client.predictive.Claims.Reply;
import io.threescale.spring.client.predictive.Claims.Request;
import io.threescale.spring.client.predictive.Claims.Window;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A Redis in virtual time, at the end of a network that may be slow, lose replies, and
 * deliver requests in another order.
 */
class SimulatedRedis {

	/** What is left out as the time of another machine is never known to the tick. */
	private static final long MARGIN = 100;

	final SimulatedClaims claims;

	/** How many scripts were run. */
	int commands;

	/** How far its clock is ahead, in milliseconds. */
	long clock;

	boolean away;

	boolean slow;

	/** Whether it answers in no time, as no time passes while somebody blocks. */
	boolean immediate;

	/** Whether no request is ever answered. */
	boolean hanging;

	private final VirtualTimeScheduler time;

	private final Random random;

	SimulatedRedis(VirtualTimeScheduler time, Random random) {
		this.time = time;
		this.random = random;
		this.claims = new SimulatedClaims(() -> now() + this.clock);
	}

	private long now() {
		return this.time.now(TimeUnit.MILLISECONDS);
	}

	/** Return what one instance sees of it. */
	Claims seenBy(String member) {
		this.claims.join(member);
		return new Claims() {

			@Override
			public int instances() {
				return SimulatedRedis.this.claims.size();
			}

			@Override
			public Mono<Reply> claim(Request request) {
				return SimulatedRedis.this.hanging ? Mono.never() : Mono.defer(() -> {
					long sentAt = now();
					return wayThere().then(Mono.fromSupplier(() -> run(member, request, now() - sentAt)))
						.flatMap((reply) -> wayThere().thenReturn(reply));
				});
			}

		};
	}

	/** Times are measured when a request is sent, not when it arrives. */
	private Reply run(String member, Request request, long way) {
		if (this.away) {
			throw new IllegalStateException("Redis is away");
		}
		this.commands++;
		return this.claims.run(member, new Request(request.application(), request.sequence(),
				request.windows().stream().map((window) -> older(window, way + MARGIN)).toList()));
	}

	private static Window older(Window window, long by) {
		long age = (window.age() != Claims.NEVER) ? window.age() + by : Claims.NEVER;
		return new Window(window.name(), window.generation(), window.shown(), age, window.sure(), window.possible(),
				window.totalSure(), window.totalPossible(), window.left(), window.wish(), window.asked(),
				window.askedPossible(), window.beginOfGuard(), window.endOfGuard());
	}

	private Mono<Long> wayThere() {
		long millis = this.slow ? this.random.nextInt(80) : Math.max(0, this.random.nextInt(6) - 3);
		return (millis > 0 && !this.immediate) ? Mono.delay(Duration.ofMillis(millis), this.time) : Mono.just(0L);
	}

}
