package io.threescale.spring.client.predictive;

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

}
