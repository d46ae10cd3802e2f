package io.threescale.spring.client.predictive;

import java.util.function.DoubleSupplier;

/**
 * The allowance of an instance that does not know what others use: a share of what was
 * left of a limit when 3scale was asked last.
 */
final class HeadroomShare implements Allowance {

	/** A question that is good for fewer calls costs more than it saves. */
	private static final int WORTH_ASKING = 3;

	private final LimitCounter counter;

	private final DoubleSupplier headroomShare;

	/** How far all usage may go before 3scale is asked again. */
	private long allowance;

	/** How much that was after the last answer. */
	private long share;

	HeadroomShare(LimitCounter counter, DoubleSupplier headroomShare) {
		this.counter = counter;
		this.headroomShare = headroomShare;
	}

	@Override
	public void recounted(boolean fresh, boolean answered, boolean anew) {
		if (fresh || answered) {
			this.share = (long) (Math.max(0, this.counter.limit().max() - this.counter.most())
					* this.headroomShare.getAsDouble());
			this.allowance = LimitCounter.plus(this.counter.most(), this.share);
		}
	}

	@Override
	public void used(long sure, long possible) {
	}

	@Override
	public Decision decide(long possible, long now) {
		if (possible > this.counter.beginOfGuard() - this.counter.most() || this.share / WORTH_ASKING < possible) {
			return Decision.NEAR_LIMIT;
		}
		return (possible > this.allowance - this.counter.most()) ? Decision.SHARE_SPENT : Decision.ADMITTED;
	}

	@Override
	public boolean bears(long sure) {
		return sure <= this.counter.endOfGuard() - this.counter.count();
	}

	@Override
	public boolean isLow() {
		return false;
	}

}
