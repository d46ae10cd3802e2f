package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.threescale.spring.client.KeyedHash;
import org.jspecify.annotations.Nullable;

/**
 * The callers of one application that 3scale has let in lately, by the hash of their
 * proof. A caller who makes up keys, or referrers, pushes out those of the same
 * application only.
 */
final class Permissions {

	private static final int MAX_SIZE = 100;

	private final Map<KeyedHash, Permission> permissions = new LinkedHashMap<>(2, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<KeyedHash, Permission> eldest) {
			return size() > MAX_SIZE;
		}

	};

	synchronized @Nullable Permission find(KeyedHash proof) {
		return this.permissions.get(proof);
	}

	synchronized Permission grant(KeyedHash proof) {
		return this.permissions.computeIfAbsent(proof, (absent) -> new Permission());
	}

	/**
	 * Have 3scale asked again about all of them.
	 */
	synchronized void doubt(long now) {
		this.permissions.values().forEach((permission) -> permission.doubt(now));
	}

	synchronized void revoke(KeyedHash proof) {
		this.permissions.remove(proof);
	}

	/**
	 * Says until when 3scale need not be asked about a caller again. Times are by the
	 * steady time.
	 */
	static final class Permission {

		private volatile long renewAt = Long.MIN_VALUE;

		private volatile long expiresAt = Long.MIN_VALUE;

		private volatile boolean doubtful;

		/**
		 * Keep it for a while, and have it renewed before that is over.
		 */
		void keep(long renewAt, long expiresAt) {
			this.doubtful = false;
			this.expiresAt = expiresAt;
			this.renewAt = renewAt;
		}

		/**
		 * Have 3scale asked before it is used again, as another instance was told
		 * otherwise.
		 */
		void doubt(long now) {
			this.doubtful = true;
			this.expiresAt = Math.min(this.expiresAt, now);
		}

		boolean isDoubtful() {
			return this.doubtful;
		}

		boolean isGood(long now, Duration beyondItsEnd) {
			return now - this.expiresAt < beyondItsEnd.toNanos();
		}

		Duration left(long now) {
			return Duration.ofNanos(Math.max(0, this.expiresAt - now));
		}

		/**
		 * Tell, once an answer, that it is to be renewed.
		 */
		boolean isToBeRenewed(long now) {
			return now >= this.renewAt && claimRenewal(now);
		}

		private synchronized boolean claimRenewal(long now) {
			if (now < this.renewAt) {
				return false;
			}
			this.renewAt = Long.MAX_VALUE;
			return true;
		}

	}

}
