package io.threescale.spring;

import java.util.List;

/**
 * A report too long for one request was accepted in part.
 *
 * @since 0.1.0
 */
public final class PartialReportException extends ThreeScaleException {

	private final transient List<Transaction> remaining;

	private final ThreeScaleException failure;

	/**
	 * Create the exception.
	 * @param accepted how many transactions were accepted
	 * @param remaining those that were not, the ones of the failed request first
	 * @param failure why the failed request failed
	 */
	public PartialReportException(int accepted, List<Transaction> remaining, ThreeScaleException failure) {
		super("3scale accepted " + accepted + " transactions, but not the remaining " + remaining.size(), failure);
		this.remaining = List.copyOf(remaining);
		this.failure = failure;
	}

	/**
	 * Return the transactions that were not accepted. Whether those of the failed request
	 * were counted all the same depends on the {@linkplain #failure() failure}.
	 * @return the transactions, in their order
	 */
	public List<Transaction> remaining() {
		return this.remaining;
	}

	/**
	 * Return why the first request that was not accepted failed.
	 * @return the failure
	 */
	public ThreeScaleException failure() {
		return this.failure;
	}

}
