package io.threescale.spring.client.predict;

import io.threescale.spring.ApplicationCredentials;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SipHash} and the keys made with it.
 */
class SipHashTests {

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
		Callers callers = new Callers(new java.util.Random(7));
		assertThat(java.util.List.of(callers.of(ApplicationCredentials.userKey("ab"), null),
				callers.of(ApplicationCredentials.appId("ab"), null),
				callers.of(ApplicationCredentials.appId("a", "b"), null),
				callers.of(ApplicationCredentials.oauthClient("ab"), null),
				callers.of(ApplicationCredentials.userKey("ab"), "r"),
				callers.of(ApplicationCredentials.userKey("ab"), ""),
				callers.of(ApplicationCredentials.userKey("abcde"), null),
				callers.of(ApplicationCredentials.userKey("abcde\0"), null)))
			.doesNotHaveDuplicates();
		assertThat(callers.of(ApplicationCredentials.userKey("ab"), null))
			.isEqualTo(callers.of(ApplicationCredentials.userKey("ab"), null))
			.isNotEqualTo(new Callers(new java.util.Random(8)).of(ApplicationCredentials.userKey("ab"), null));
	}

}
