package io.threescale.spring.client.predict;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;

import org.jspecify.annotations.Nullable;

/**
 * The permissions of one account, those used lately. A caller who makes up keys, or
 * referrers, pushes out permissions of the same application only.
 */
final class Permissions {

	private static final int MAX_SIZE = 100;

	private final Map<KeyedHash, Permission> permissions = new LinkedHashMap<>(2, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Entry<KeyedHash, Permission> eldest) {
			return size() > MAX_SIZE;
		}

	};

	synchronized @Nullable Permission find(KeyedHash means) {
		return this.permissions.get(means);
	}

	synchronized Permission open(KeyedHash means, Account account) {
		return this.permissions.computeIfAbsent(means, (absent) -> new Permission(account));
	}

	synchronized void revoke(KeyedHash means) {
		this.permissions.remove(means);
	}

}
