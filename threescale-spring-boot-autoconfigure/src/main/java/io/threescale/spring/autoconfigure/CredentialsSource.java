package io.threescale.spring.autoconfigure;

/**
 * The places callers can be told to put their credentials in.
 *
 * @since 0.1.0
 */
public enum CredentialsSource {

	/** Headers, by name. */
	HEADER,

	/** Query parameters, by name. */
	QUERY,

	/** Cookies, by name. */
	COOKIE,

	/** HTTP Basic. */
	BASIC,

	/** Bearer token. */
	BEARER

}
