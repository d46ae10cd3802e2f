package io.threescale.spring.client.fleet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all members know and Redis does not. Keys for one purpose each are derived from
 * it.
 */
final class FleetSecret {

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec secret;

	FleetSecret(String secret) {
		this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	/**
	 * Derive a key of 256 bits.
	 * @param purpose what it is for
	 */
	byte[] key(String purpose) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.secret);
			return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
