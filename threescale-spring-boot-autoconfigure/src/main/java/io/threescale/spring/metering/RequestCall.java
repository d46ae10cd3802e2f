package io.threescale.spring.metering;

import org.jspecify.annotations.Nullable;

/**
 * The place for the call of a request, on either web stack. The request's own call comes
 * first, if it is metered; that of a method on the way is neither decided about nor
 * settled with the request.
 *
 * @since 0.1.0
 */
public final class RequestCall implements CurrentCall {

	private volatile @Nullable MeteredCall admitted;

	private volatile @Nullable MeteredCall methodCall;

	@Override
	public @Nullable MeteredCall get() {
		MeteredCall admitted = this.admitted;
		return (admitted != null && admitted.isMetered()) ? admitted : this.methodCall;
	}

	@Override
	public void set(MeteredCall call) {
		this.methodCall = call;
	}

	/**
	 * Return the call that the request itself makes.
	 * @return the call, metered or not, or {@code null} if nobody has decided about it
	 */
	public @Nullable MeteredCall admitted() {
		return this.admitted;
	}

	/**
	 * Note that the request goes on.
	 * @param call the call it makes
	 */
	public void admit(MeteredCall call) {
		this.admitted = call;
	}

}
