package io.threescale.spring.client;

import java.util.List;
import java.util.Random;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.CredentialsHasher.SipHash;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CredentialsHasher} and the hash it uses.
 */
class CredentialsHasherTests {

	private static final long KEY0 = 0x0706050403020100L;

	private static final long KEY1 = 0x0f0e0d0c0b0a0908L;

	@Test
	void shouldAgreeWithTheReferenceVectorOfNoBytes() {
		assertThat(new SipHash(KEY0, KEY1).update(0L).finish())
			.isEqualTo(new KeyedHash(0xe6a825ba047f81a3L, 0x930255c71472f66dL));
	}

	@Test
	void shouldAgreeWithTheReferenceVectorOfOneByte() {
		assertThat(new SipHash(KEY0, KEY1).update(0x0100000000000000L).finish())
			.isEqualTo(new KeyedHash(0x44af996bd8c187daL, 0x45fc229b11597634L));
	}

	@Test
	void shouldTellApartWhatLooksAlike() {
		CredentialsHasher hasher = new CredentialsHasher(new Random(7));
		assertThat(List.of(hasher.application(ApplicationCredentials.userKey("ab")),
				hasher.application(ApplicationCredentials.appId("ab")),
				hasher.application(ApplicationCredentials.oauthClient("ab")),
				hasher.application(ApplicationCredentials.userKey("abcde")),
				hasher.application(ApplicationCredentials.userKey("abcde\0")),
				hasher.proof(ApplicationCredentials.appId("ab"), null),
				hasher.proof(ApplicationCredentials.appId("a", "b"), null),
				hasher.proof(ApplicationCredentials.userKey("ab"), "r"),
				hasher.proof(ApplicationCredentials.userKey("ab"), "")))
			.doesNotHaveDuplicates();
		assertThat(hasher.application(ApplicationCredentials.appId("ab", "key")))
			.isEqualTo(hasher.application(ApplicationCredentials.appId("ab")))
			.isNotEqualTo(new CredentialsHasher(new Random(8)).application(ApplicationCredentials.appId("ab")));
	}

}
