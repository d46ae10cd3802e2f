package io.threescale.spring.metering;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.Kind;

/**
 * Names applications where names are shown: in logs, events, principals and to operators.
 * An application or client id is its own name. A user key is a secret, so the name is
 * {@code user-key:} and the first 16 hexadecimal digits of its HMAC-SHA256.
 *
 * @since 0.1.0
 */
public final class ApplicationNames {

	private static final String ALGORITHM = "HmacSHA256";

	private static final int NAME_LENGTH = 8;

	private final SecretKeySpec secret;

	/**
	 * Create names.
	 * @param secret the key of the hash, so that nobody finds a user key by trying; the
	 * same for all instances whose names should be
	 */
	public ApplicationNames(String secret) {
		this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	/**
	 * Name an application.
	 * @param application any credentials of it
	 * @return the name
	 */
	public String of(ApplicationCredentials application) {
		return (application.kind() == Kind.USER_KEY) ? "user-key:" + hash(application.value()) : application.value();
	}

	private String hash(String key) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.secret);
			return HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)), 0, NAME_LENGTH);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
