package io.threescale.spring.client.reporting;

import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * Hashes credentials with a key that lasts as long as the process.
 */
@ApiStatus.Internal
public final class CredentialsHasher {

	private static final int PROOF = 99;

	private final long key0;

	private final long key1;

	/** Most callers show nothing but who they are. */
	private final KeyedHash noProof;

	CredentialsHasher(RandomGenerator random) {
		this.key0 = random.nextLong();
		this.key1 = random.nextLong();
		this.noProof = hashProof(null, null);
	}

	/**
	 * Hash the identity of an application. Its keys make no difference.
	 * @param credentials any credentials of the application
	 * @return the hash
	 */
	public KeyedHash application(ApplicationCredentials credentials) {
		return hasher().update(credentials.kind().ordinal()).update(credentials.value()).finish();
	}

	/**
	 * Hash what a caller shows besides the identity of its application.
	 * @param credentials the credentials, of which the key counts
	 * @param referrer where the call comes from, or {@code null}
	 * @return the hash
	 */
	public KeyedHash proof(ApplicationCredentials credentials, @Nullable String referrer) {
		String key = credentials.appKey();
		return (key != null || referrer != null) ? hashProof(key, referrer) : this.noProof;
	}

	private KeyedHash hashProof(@Nullable String key, @Nullable String referrer) {
		return hasher().update(PROOF).update(key).update(referrer).finish();
	}

	private SipHash hasher() {
		return new SipHash(this.key0, this.key1);
	}

}
