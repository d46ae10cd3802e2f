package io.threescale.spring.client;

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

	/**
	 * Create a hasher.
	 * @param random makes the key
	 */
	public CredentialsHasher(RandomGenerator random) {
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

	/**
	 * SipHash-2-4 with a result of 128 bits (Aumasson and Bernstein, 2012): a keyed hash
	 * for short inputs, ten times as fast as SHA-256. Neither the JDK nor a library that
	 * is here anyway has one. It reads numbers and strings instead of bytes: each string
	 * is preceded by its length, so that no two inputs look alike.
	 */
	static final class SipHash {

		private long v0;

		private long v1;

		private long v2;

		private long v3;

		SipHash(long key0, long key1) {
			this.v0 = 0x736f6d6570736575L ^ key0;
			this.v1 = 0x646f72616e646f6dL ^ key1 ^ 0xee;
			this.v2 = 0x6c7967656e657261L ^ key0;
			this.v3 = 0x7465646279746573L ^ key1;
		}

		SipHash update(long word) {
			this.v3 ^= word;
			round();
			round();
			this.v0 ^= word;
			return this;
		}

		SipHash update(@Nullable String text) {
			if (text == null) {
				return update(-1);
			}
			update(text.length());
			int i = 0;
			for (; i + 4 <= text.length(); i += 4) {
				update(text.charAt(i) | (long) text.charAt(i + 1) << 16 | (long) text.charAt(i + 2) << 32
						| (long) text.charAt(i + 3) << 48);
			}
			long rest = 0;
			for (int shift = 0; i < text.length(); i++, shift += 16) {
				rest |= (long) text.charAt(i) << shift;
			}
			return update(rest);
		}

		KeyedHash finish() {
			this.v2 ^= 0xee;
			rounds();
			long high = this.v0 ^ this.v1 ^ this.v2 ^ this.v3;
			this.v1 ^= 0xdd;
			rounds();
			return new KeyedHash(high, this.v0 ^ this.v1 ^ this.v2 ^ this.v3);
		}

		private void rounds() {
			round();
			round();
			round();
			round();
		}

		private void round() {
			this.v0 += this.v1;
			this.v2 += this.v3;
			this.v1 = Long.rotateLeft(this.v1, 13) ^ this.v0;
			this.v3 = Long.rotateLeft(this.v3, 16) ^ this.v2;
			this.v0 = Long.rotateLeft(this.v0, 32);
			this.v2 += this.v1;
			this.v0 += this.v3;
			this.v1 = Long.rotateLeft(this.v1, 17) ^ this.v2;
			this.v3 = Long.rotateLeft(this.v3, 21) ^ this.v0;
			this.v2 = Long.rotateLeft(this.v2, 32);
		}

	}

}
