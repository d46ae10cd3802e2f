package io.threescale.spring.client.predictive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Source;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import io.threescale.spring.client.predictive.Permissions.Permission;
import io.threescale.spring.client.reporting.ApplicationUsage;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
import io.threescale.spring.client.reporting.BatchingThreeScaleClient;
import io.threescale.spring.client.reporting.UsageBook;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Decides about calls: here if what 3scale said last is good enough for that, by 3scale
 * if not, and by what it said last if it cannot be asked.
 */
final class Decisions {

	private final BatchingThreeScaleClient reporting;

	private final UsageBook book;

	private final KnownLimits known;

	private final Headroom headroom;

	private final Questions questions;

	private final Duration lastKnownFor;

	private final Clock clock;

	private final PredictionStatistics statistics;

	Decisions(BatchingThreeScaleClient reporting, KnownLimits known, Headroom headroom, Questions questions,
			Duration lastKnownFor, Clock clock, PredictionStatistics statistics) {
		this.reporting = reporting;
		this.book = reporting.book();
		this.known = known;
		this.headroom = headroom;
		this.questions = questions;
		this.lastKnownFor = lastKnownFor;
		this.clock = clock;
		this.statistics = statistics;
	}

	/**
	 * Decide a call here, or by what 3scale shows when it is asked.
	 */
	Mono<Authorization> decide(Call call) {
		ApplicationLimits limits = permittedBy(call);
		return (limits != null) ? decide(call, limits, () -> ask(call)) : ask(call);
	}

	/**
	 * Decide a call, if need be when there is more to use.
	 * @param otherwise where else an answer comes from if only 3scale can tell whether
	 * there is more
	 */
	private Mono<Authorization> decide(Call call, ApplicationLimits limits, Supplier<Mono<Authorization>> otherwise) {
		Mono<Authorization> decided = decide(call, limits);
		return (decided != null) ? decided
				: withMore(call, limits, otherwise, this.book.time().read() + SharedHeadroom.WAIT.toNanos());
	}

	/** Others may take what there is, so that it takes more than one try. */
	private Mono<Authorization> withMore(Call call, ApplicationLimits limits, Supplier<Mono<Authorization>> otherwise,
			long until) {
		Mono<Void> more = (this.book.time().read() < until) ? this.headroom.more(call, limits) : null;
		return (more == null) ? otherwise.get() : more.then(Mono.defer(() -> {
			Mono<Authorization> decided = decide(call, limits);
			return (decided != null) ? decided : withMore(call, limits, otherwise, until);
		}));
	}

	/**
	 * Find the limits to decide a call by, if 3scale has let its caller in lately and has
	 * its metrics.
	 */
	private @Nullable ApplicationLimits permittedBy(Call call) {
		return this.book.known().metrics().areKnown(call.usage().increments().keySet())
				? this.known.findPermitted(call.caller(), Duration.ZERO) : null;
	}

	/**
	 * Decide a call here.
	 * @return the decision, or {@code null} if 3scale is to be asked on behalf of all
	 * calls like this one
	 */
	private @Nullable Mono<Authorization> decide(Call call, ApplicationLimits limits) {
		Instant now = this.clock.instant();
		long steadyNow = this.book.time().read();
		ApplicationUsage usage = call.of(this.book);
		Authorization answer = null;
		Decision decision = null;
		boolean low;
		synchronized (usage) {
			if (!usage.isRemoved()) {
				decision = limits.decide(usage, call.usage(), now, steadyNow);
			}
			if (decision == Decision.ADMITTED && !call.take(usage, now)) {
				decision = Decision.NEAR_LIMIT;
			}
			if (decision == Decision.ADMITTED) {
				answer = limits.granted(call.request(), now);
			}
			else if (decision == Decision.REFUSED) {
				answer = limits.denied(usage, call.usage(), now);
			}
			low = limits.isLow();
		}
		if (decision == null) {
			return decide(call, limits);
		}
		if (answer != null) {
			this.statistics.countLocal();
			this.reporting.requestFlushIfDue();
			if (low) {
				this.headroom.refill(call, limits);
			}
			renew(call, limits, steadyNow);
			return Mono.just(answer);
		}
		return (decision == Decision.NEAR_LIMIT) ? byBackend(call, limits) : null;
	}

	private void renew(Call call, ApplicationLimits limits, long now) {
		Permission permission = limits.permissions().find(call.caller().proof());
		if (permission != null && permission.isToBeRenewed(now)) {
			this.questions.renew(call, permission.left(now));
		}
	}

	private Mono<Authorization> byBackend(Call call, ApplicationLimits limits) {
		this.statistics.countBackend();
		return this.questions.ask(call, limits)
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(call, ex));
	}

	/**
	 * Have 3scale asked once for all calls that wait for the same answer, and decide by
	 * what it shows. What it has just denied stays denied.
	 */
	private Mono<Authorization> ask(Call call) {
		Denied denied = this.known.denial(call.caller());
		if (denied != null) {
			this.statistics.countLocal();
			return Mono.just(denied.from(Source.LOCAL));
		}
		return this.questions.askForAll(call)
			.flatMap((reply) -> reply.denies(call.usage()) ? decidedByBackend(reply.answer())
					: decide(call, reply.answer()))
			.onErrorResume(ThreeScaleUnavailableException.class, (ex) -> byLastKnown(call, ex));
	}

	private Mono<Authorization> decidedByBackend(Authorization answer) {
		this.statistics.countBackend();
		return Mono.just(answer);
	}

	private Mono<Authorization> decide(Call call, Authorization answer) {
		ApplicationLimits limits = permittedBy(call);
		if (limits != null) {
			return decide(call, limits, () -> byBackend(call, limits));
		}
		if (!answer.isGranted() || !call.counts()) {
			return decidedByBackend(answer);
		}
		this.statistics.countBackend();
		return this.reporting.authRep(call.request());
	}

	/**
	 * What can be said of a call, the usage of which is set aside.
	 */
	private record Tentative(Decision decision, Reservation reserved) {
	}

	/**
	 * Decide while 3scale cannot be asked: what it said last is good for a while longer,
	 * and up to the limits.
	 * @param failure why it cannot be asked, which is the answer if nothing is known
	 */
	private Mono<Authorization> byLastKnown(Call call, ThreeScaleUnavailableException failure) {
		ApplicationLimits limits = this.known.findPermitted(call.caller(), this.lastKnownFor);
		if (limits == null || this.lastKnownFor.isZero() || failure.isAmbiguous()) {
			return Mono.error(failure);
		}
		Tentative tentative = call.within(this.book,
				(usage) -> new Tentative(
						limits.decideByLastKnown(usage, call.usage(), this.clock.instant(), this.book.time().read()),
						usage.reserve(call.counts() ? call.usage() : Usage.NONE)));
		Mono<Boolean> bears = switch (tentative.decision()) {
			case REFUSED -> Mono.just(false);
			case ADMITTED -> Mono.just(true);
			default -> call.counts() ? this.headroom.bears(call, limits) : Mono.just(true);
		};
		return bears
			.flatMap((fits) -> Mono.justOrEmpty(
					call.within(this.book, (usage) -> lastKnown(call, limits, usage, tentative.reserved(), fits))))
			.switchIfEmpty(Mono.error(failure))
			.doOnNext((answer) -> {
				this.statistics.countLastKnown();
				this.reporting.requestFlushIfDue();
			})
			.cache();
	}

	/**
	 * Answer a call, if its usage finds room.
	 */
	private Optional<Authorization> lastKnown(Call call, ApplicationLimits limits, ApplicationUsage usage,
			Reservation reserved, boolean fits) {
		Instant now = this.clock.instant();
		reserved.release();
		if (!fits) {
			return Optional.of(limits.denied(usage, call.usage(), now).from(Source.LAST_KNOWN));
		}
		return call.take(usage, now) ? Optional.of(limits.granted(call.request(), now).from(Source.LAST_KNOWN))
				: Optional.empty();
	}

}
