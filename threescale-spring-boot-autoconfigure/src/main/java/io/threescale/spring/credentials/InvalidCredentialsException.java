package io.threescale.spring.credentials;

/**
 * A request holds something that cannot be credentials, such as a key without the
 * application id it belongs to. Its caller is not anonymous, but wrong: it is answered
 * 401, whatever the policy for callers without credentials is. Tells nothing of what the
 * request holds.
 *
 * @since 0.1.0
 * @see CredentialsResolver
 */
public final class InvalidCredentialsException extends RuntimeException {

	/**
	 * Create an exception. It has no stack trace, as every caller can bring it about.
	 * @param message what is wrong, without any value of the request
	 */
	public InvalidCredentialsException(String message) {
		super(message, null, false, false);
	}

}
