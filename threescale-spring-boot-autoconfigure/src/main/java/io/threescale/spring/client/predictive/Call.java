package io.threescale.spring.client.predictive;

import java.time.Instant;
import java.util.function.Function;

import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.reporting.ApplicationUsage;
import io.threescale.spring.client.reporting.UsageBook;

/**
 * A call to be decided.
 *
 * @param caller who calls
 * @param request what is asked about
 * @param counts whether the call is counted with its decision, or later when it is done
 */
record Call(Caller caller, AuthorizationRequest request, boolean counts) {

	/**
	 * Who calls, as far as it is remembered.
	 *
	 * @param application which application it is, and so whose limits count
	 * @param proof what the application shows besides its identity: one of its keys, and
	 * where the call comes from. It decides whether 3scale lets it in, and nothing else
	 */
	record Caller(KeyedHash application, KeyedHash proof) {
	}

	/**
	 * Return the same call, which is counted later.
	 */
	Call uncounted() {
		return new Call(this.caller, this.request, false);
	}

	Usage usage() {
		return this.request.usage();
	}

	/**
	 * Return what its application has used. It may be removed by the time it is entered.
	 */
	ApplicationUsage of(UsageBook book) {
		return book.of(this.caller.application(), this.request.application());
	}

	/**
	 * Do something inside the monitor of what its application has used.
	 */
	<T> T within(UsageBook book, Function<ApplicationUsage, T> work) {
		return book.within(this.caller.application(), this.request.application(), work);
	}

	/**
	 * Take what it uses, unless it is counted later.
	 * @return whether there was room
	 */
	boolean take(ApplicationUsage usage, Instant now) {
		return !this.counts || usage.add(usage(), now, this.request.responseCode(), false);
	}

}
