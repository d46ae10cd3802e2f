package io.threescale.spring.client.predictive;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The headroom of an instance that knows of no other.
 *
 * @param share the share of what is left that may be used before 3scale is asked again
 */
record OwnHeadroom(double share) implements Headroom {

	@Override
	public Allowance allowance() {
		return new HeadroomShare(this::share);
	}

	@Override
	public boolean isAway() {
		return false;
	}

	@Override
	public boolean isLow(ApplicationLimits limits) {
		return false;
	}

	@Override
	public void refill(Call call, ApplicationLimits limits) {
	}

	@Override
	public @Nullable Mono<Boolean> more(Call call, ApplicationLimits limits) {
		return null;
	}

	@Override
	public Mono<Boolean> bears(Call call, ApplicationLimits limits) {
		return Mono.just(true);
	}

	@Override
	public void close() {
	}

}
