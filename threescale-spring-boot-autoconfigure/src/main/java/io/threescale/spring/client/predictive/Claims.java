package io.threescale.spring.client.predictive;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jetbrains.annotations.ApiStatus;
import reactor.core.publisher.Mono;

/**
 * What the instances of a fleet claim of the limits of applications, in one place for all
 * of them. A claim covers what the instance has used and 3scale may not show, and what it
 * may still use. So what 3scale shows and all claims together stay within a limit.
 */
@ApiStatus.Internal
public interface Claims {

	/** The age of what 3scale has not shown. */
	long NEVER = Long.MAX_VALUE;

	/**
	 * Put what this instance claims in place of what it claimed before, and claim more.
	 * Claims that arrive out of order change nothing.
	 * @param request what is claimed
	 * @return what became of it, or an error if nobody knows
	 */
	Mono<Reply> claim(Request request);

	/**
	 * Tell how many instances there are.
	 * @return the number as far as is known, this one included; at least 1
	 */
	int instances();

	/**
	 * What an instance claims of one application.
	 *
	 * @param application the identity of the application
	 * @param sequence larger than that of each earlier request of this instance
	 * @param windows all limits of the application, each with its current period; none if
	 * this instance leaves the application to others: what it has used counts until
	 * 3scale has surely shown it
	 */
	record Request(ApplicationCredentials application, long sequence, List<Window> windows) {
	}

	/**
	 * What is claimed of one limit in one period.
	 *
	 * @param name the metric, the period and its beginning
	 * @param generation changes when usage is added up in another way than before
	 * @param shown what 3scale showed here
	 * @param age how long ago it was asked for that, in milliseconds; {@link #NEVER} if
	 * it has not shown anything
	 * @param sure what was used here and may not be in that
	 * @param possible the same with what only may count against the limit
	 * @param totalSure all that was claimed for sure and used in this generation, whether
	 * 3scale shows it or not
	 * @param totalPossible the same with what only may count against the limit
	 * @param left what was claimed and is not used
	 * @param wish how much should be left, if there is as much
	 * @param asked what is used by the call that 3scale is to be asked for, of that what
	 * is sure; {@code -1} if there is none, or it may be asked in any case
	 * @param askedPossible the same with what only may count against the limit
	 * @param beginOfGuard up to where more may be claimed to be used without asking
	 * @param endOfGuard up to where more may be claimed for calls that 3scale decides
	 */
	record Window(String name, long generation, long shown, long age, long sure, long possible, long totalSure,
			long totalPossible, long left, long wish, long asked, long askedPossible, long beginOfGuard,
			long endOfGuard) {
	}

	/**
	 * What became of a claim.
	 *
	 * @param outcome whether it counts
	 * @param windows what is known of each limit, in the order of the request
	 */
	record Reply(Outcome outcome, List<Grant> windows) {
	}

	/**
	 * Whether a claim counts.
	 */
	enum Outcome {

		/** It does. */
		CLAIMED,

		/** It does, but 3scale must not be asked for the call. */
		REFUSED,

		/** It does not. It is to be made anew. */
		AGAIN

	}

	/**
	 * What an instance gets of one limit.
	 *
	 * @param shown what 3scale showed to the one that asked last
	 * @param age how long ago that was, in milliseconds; {@link #NEVER} if nobody has
	 * asked
	 * @param granted what may be used in addition
	 * @param room what may be claimed beyond that, as things stand
	 */
	record Grant(long shown, long age, long granted, long room) {
	}

}
