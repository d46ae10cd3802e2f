package io.threescale.spring.client.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.Kind;
import io.threescale.spring.client.reporting.spool.SpoolCodec;
import io.threescale.spring.client.reporting.spool.SpooledUsage;

/**
 * Writes usage so that only members can read it: it names applications, whose user keys
 * are secret, and a report cannot do without them.
 */
final class UsageCipher {

	private static final String ALGORITHM = "AES/GCM/NoPadding";

	private static final int NONCE_BYTES = 12;

	private static final int TAG_BITS = 128;

	private final SecureRandom random = new SecureRandom();

	private final SecretKeySpec key;

	/** Usage of one service is of no use for another. */
	private final byte[] service;

	UsageCipher(FleetSecret secret, FleetKeys keys) {
		this.key = new SecretKeySpec(secret.key("usage"), "AES");
		this.service = keys.base().getBytes(StandardCharsets.UTF_8);
	}

	String encrypt(SpooledUsage usage) {
		return encrypt(SpoolCodec.encode(usage));
	}

	/**
	 * Write the identity of an application.
	 */
	String encrypt(ApplicationCredentials application) {
		return encrypt((application.kind() + ":" + application.value()).getBytes(StandardCharsets.UTF_8));
	}

	private String encrypt(byte[] bytes) {
		byte[] nonce = new byte[NONCE_BYTES];
		this.random.nextBytes(nonce);
		try {
			byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(bytes);
			byte[] all = ByteBuffer.allocate(NONCE_BYTES + encrypted.length).put(nonce).put(encrypted).array();
			return Base64.getEncoder().encodeToString(all);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

	/**
	 * Read usage.
	 * @param id what it is called
	 * @throws IOException if it was written with another secret or by another version, or
	 * is damaged
	 */
	SpooledUsage decrypt(long id, String text) throws IOException {
		byte[] bytes = decrypt(text);
		if (!SpoolCodec.isReadable(bytes)) {
			throw new IOException("It was written by another version of this library");
		}
		return SpoolCodec.decode(id, bytes);
	}

	/**
	 * Read the identity of an application.
	 * @throws IOException if it was written with another secret, or is damaged
	 */
	ApplicationCredentials decryptApplication(String text) throws IOException {
		String[] parts = new String(decrypt(text), StandardCharsets.UTF_8).split(":", 2);
		return Kind.valueOf(parts[0]).identity(parts[1]);
	}

	private byte[] decrypt(String text) throws IOException {
		try {
			ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(text));
			byte[] nonce = new byte[NONCE_BYTES];
			all.get(nonce);
			byte[] encrypted = new byte[all.remaining()];
			all.get(encrypted);
			return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(encrypted);
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw new IOException("It was written with another secret, or is damaged", ex);
		}
	}

	private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance(ALGORITHM);
		cipher.init(mode, this.key, new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(this.service);
		return cipher;
	}

}
