package io.threescale.spring.client.predictive;

import java.util.function.DoubleSupplier;

/**
 * The allowance of an instance that does not know what others use: a share of what was
 * left of a limit when 3scale was asked last.
 */
final class HeadroomShare implements Allowance {

	/** A question that is good for fewer calls costs more than it saves. */
	private static final int WORTH_ASKING = 3;

	private final DoubleSupplier headroomShare;

	/** How far all usage may go before 3scale is asked again. */
	private long allowance;

	/** How much that was after the last answer. */
	private long share;

	HeadroomShare(DoubleSupplier headroomShare) {
		this.headroomShare = headroomShare;
	}

	@Override
	public void recounted(LimitCounter counter, boolean fresh, boolean answered, boolean anew) {
		if (fresh || answered) {
			this.share = (long) (Math.max(0, counter.limit().max() - counter.most())
					* this.headroomShare.getAsDouble());
			this.allowance = LimitCounter.plus(counter.most(), this.share);
		}
	}

	@Override
	public void used(long sure, long possible) {
	}

	@Override
	public Decision decide(long possible, LimitCounter counter, long now) {
		if (possible > counter.beginOfGuard() - counter.most() || this.share / WORTH_ASKING < possible) {
			return Decision.NEAR_LIMIT;
		}
		return (possible > this.allowance - counter.most()) ? Decision.SHARE_SPENT : Decision.ADMITTED;
	}

	@Override
	public boolean bears(long sure, LimitCounter counter) {
		return sure <= counter.endOfGuard() - counter.count();
	}

}
