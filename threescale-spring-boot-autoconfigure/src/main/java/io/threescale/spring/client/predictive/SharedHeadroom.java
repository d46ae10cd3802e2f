package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.threescale.spring.Usage;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.predictive.Claims.Outcome;
import io.threescale.spring.client.predictive.Claims.Request;
import io.threescale.spring.client.reporting.ApplicationUsage;
import io.threescale.spring.client.reporting.UsageBook;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The headroom that all instances of a fleet share. Each claims slices of it ahead of
 * need, and gives back what it does not use. A call waits for a claim no longer than
 * {@link #WAIT}; when that was not enough, no call waits until a claim is answered.
 */
final class SharedHeadroom implements Headroom {

	/** How long a call waits for a claim. */
	static final Duration WAIT = Duration.ofMillis(50);

	/** How often claims of applications in use are made again. */
	static final Duration INTERVAL = Duration.ofSeconds(2);

	/** How long an instance that stops waits until others have what it has left. */
	private static final Duration GIVE_BACK_WITHIN = Duration.ofSeconds(1);

	/** How many claims are under way at once that nobody waits for. */
	private static final int AT_ONCE = 64;

	private final Claims claims;

	private final UsageBook book;

	private final SteadyTime time;

	private final PredictionSettings settings;

	private final Clock clock;

	private final Scheduler scheduler;

	private final Map<KeyedHash, ApplicationClaims> claimed = new ConcurrentHashMap<>();

	private final Map<KeyedHash, Mono<Void>> underWay = new ConcurrentHashMap<>();

	private final AtomicLong sequence = new AtomicLong();

	private final Disposable interval;

	private volatile boolean away;

	private volatile boolean closed;

	SharedHeadroom(Claims claims, UsageBook book, PredictionSettings settings, Clock clock, Scheduler scheduler) {
		this.claims = claims;
		this.book = book;
		this.time = book.time();
		this.settings = settings;
		this.clock = clock;
		this.scheduler = scheduler;
		this.interval = Flux.interval(INTERVAL, scheduler)
			.onBackpressureDrop()
			.subscribe((tick) -> claimAgain().subscribe());
	}

	long now() {
		return this.time.read();
	}

	/**
	 * Return a number that was not there before.
	 */
	long next() {
		return this.sequence.incrementAndGet();
	}

	/**
	 * Return the share of what is left for an instance that cannot claim.
	 */
	double shareAlone() {
		return Math.min(this.settings.headroomShare(), 1.0 / instances());
	}

	int instances() {
		return this.claims.instances();
	}

	@Override
	public Allowance allowance(LimitCounter counter) {
		return new ClaimedAllowance(counter, this);
	}

	@Override
	public boolean isAway() {
		return this.away || this.closed;
	}

	@Override
	public void refill(Call call, ApplicationLimits limits) {
		KeyedHash hash = call.caller().application();
		if (!this.underWay.containsKey(hash)) {
			more(hash, of(call, limits), Usage.NONE).subscribeOn(this.scheduler).subscribe();
		}
	}

	@Override
	public @Nullable Mono<Void> more(Call call, ApplicationLimits limits) {
		return isAway() ? null : more(call.caller().application(), of(call, limits), call.usage());
	}

	/**
	 * Claim more, once for all that wait for it.
	 */
	private Mono<Void> more(KeyedHash hash, ApplicationClaims claims, Usage needed) {
		return this.underWay.computeIfAbsent(hash,
				(absent) -> claim(hash, claims, true, needed, Usage.NONE).onErrorComplete()
					.then()
					.doOnTerminate(() -> this.underWay.remove(hash))
					.cache());
	}

	@Override
	public Mono<Boolean> bears(Call call, ApplicationLimits limits) {
		if (isAway()) {
			return Mono.just(bearsAlone(call, limits));
		}
		return claim(call.caller().application(), of(call, limits), true, Usage.NONE, call.usage())
			.map((outcome) -> outcome != Outcome.REFUSED)
			.onErrorResume((failure) -> Mono.fromSupplier(() -> bearsAlone(call, limits)));
	}

	private boolean bearsAlone(Call call, ApplicationLimits limits) {
		return call.within(this.book, (usage) -> limits.bearsReserved(call.usage()));
	}

	private ApplicationClaims of(Call call, ApplicationLimits limits) {
		return this.claimed.compute(call.caller().application(),
				(hash, known) -> (known != null && known.limits() == limits) ? known
						: new ApplicationClaims(call.request().application().identity(), limits));
	}

	private Mono<Outcome> claim(KeyedHash hash, ApplicationClaims claims, boolean inUse, Usage needed, Usage asked) {
		return send(hash, claims, (usage) -> claims.request(usage, this.clock.instant(), next(),
				inUse && !this.interval.isDisposed(), needed, asked));
	}

	private Mono<Outcome> send(KeyedHash hash, ApplicationClaims claims, Function<ApplicationUsage, Request> request) {
		return Mono.defer(() -> {
			long sentAt = now();
			if (this.closed) {
				// What is left for others to report is not in the book any more
				return Mono.error(new CancellationException("Nothing is claimed any more"));
			}
			Request sent = inBook(hash, claims, request);
			return this.claims.claim(sent)
				.map((reply) -> inBook(hash, claims, (usage) -> claims.accept(usage, sent, reply, sentAt)));
		})
			.repeat()
			.takeUntil((outcome) -> outcome != Outcome.AGAIN)
			.last()
			.doOnNext((outcome) -> this.away = false)
			.cache()
			.timeout(WAIT, this.scheduler)
			.doOnError((failure) -> this.away = true);
	}

	private <T> T inBook(KeyedHash hash, ApplicationClaims claims, Function<ApplicationUsage, T> action) {
		return this.book.within(hash, claims.application(), action);
	}

	/**
	 * Claim again what is in use, and learn what 3scale has shown to others. While claims
	 * fail, one is enough to see whether they can be made again.
	 */
	private Mono<Void> claimAgain() {
		return Flux.fromIterable(this.claimed.entrySet())
			.filter((entry) -> this.away || entry.getValue().isDue(now()))
			.takeUntil((entry) -> this.away)
			.flatMap((entry) -> claimAgain(entry.getKey(), entry.getValue()).onErrorComplete(), AT_ONCE)
			.then();
	}

	private Mono<Outcome> claimAgain(KeyedHash hash, ApplicationClaims claims) {
		if (!claims.limits().isKept(now())) {
			return leave(hash, claims);
		}
		return claim(hash, claims, claims.isUsed(), Usage.NONE, Usage.NONE);
	}

	/**
	 * Leave the application to others. That is told again until 3scale has all usage.
	 */
	private Mono<Outcome> leave(KeyedHash hash, ApplicationClaims claims) {
		ApplicationUsage usage = this.book.find(hash);
		boolean last = usage == null || !usage.hasOpen();
		return send(hash, claims, (book) -> claims.leave(now(), next())).doOnNext((outcome) -> {
			if (last) {
				this.claimed.remove(hash, claims);
			}
		});
	}

	@Override
	public void close() {
		this.interval.dispose();
		claimAgain().take(GIVE_BACK_WITHIN, this.scheduler).onErrorComplete().toFuture().join();
		this.closed = true;
	}

}
