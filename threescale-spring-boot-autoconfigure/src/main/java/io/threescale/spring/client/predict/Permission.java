package io.threescale.spring.client.predict;

import java.time.Duration;
import java.time.Instant;

/**
 * Says until when a caller may use an account without 3scale being asked about it again.
 */
final class Permission {

	private final Account account;

	private volatile Instant renewAt = Instant.MIN;

	private volatile Instant expiresAt = Instant.MIN;

	Permission(Account account) {
		this.account = account;
	}

	Account account() {
		return this.account;
	}

	/**
	 * Keep it for a while, and have it renewed before that is over.
	 */
	void keep(Instant renewAt, Instant expiresAt) {
		this.expiresAt = expiresAt;
		this.renewAt = renewAt;
	}

	boolean isGood(Instant now) {
		return now.isBefore(this.expiresAt);
	}

	boolean isGood(Instant now, Duration beyondItsEnd) {
		return now.isBefore(this.expiresAt.plus(beyondItsEnd));
	}

	/**
	 * Tell, once an answer, that it is to be renewed.
	 */
	boolean isToBeRenewed(Instant now) {
		return !now.isBefore(this.renewAt) && claimRenewal(now);
	}

	private synchronized boolean claimRenewal(Instant now) {
		if (now.isBefore(this.renewAt)) {
			return false;
		}
		this.renewAt = Instant.MAX;
		return true;
	}

}
