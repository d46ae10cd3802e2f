package io.threescale.spring;

import org.jspecify.annotations.Nullable;

/**
 * What a caller presents to be recognised as an application of the service. Which of the
 * three kinds a service uses is set at 3scale ({@code protocol.md} 1.3). All of it is
 * secret: {@code toString} shows none of it.
 *
 * @since 0.1.0
 */
public sealed interface ApplicationCredentials {

	/**
	 * The three kinds of credentials.
	 */
	enum Kind {

		/** One API key. */
		USER_KEY,

		/** An application id, and perhaps a key. */
		APP_ID,

		/** The client id of an access token. */
		OAUTH_CLIENT;

		/**
		 * Create credentials of this kind that hold nothing but who calls.
		 * @param value the user key, the application id or the client id
		 * @return the credentials
		 * @throws IllegalArgumentException if the value is blank
		 */
		public ApplicationCredentials identity(String value) {
			return switch (this) {
				case USER_KEY -> userKey(value);
				case APP_ID -> appId(value);
				case OAUTH_CLIENT -> oauthClient(value);
			};
		}

	}

	/**
	 * Return the kind of these credentials.
	 * @return the kind
	 */
	Kind kind();

	/**
	 * Return what tells the application from others of the same kind.
	 * @return the user key, the application id or the client id
	 */
	String value();

	/**
	 * Return what is presented beside the {@linkplain #value() value} as a proof.
	 * @return one of the application's keys or the client secret, sent as
	 * {@code app_key}; {@code null} if there is none, as always with a user key
	 */
	@Nullable String appKey();

	/**
	 * Return which application calls: these credentials without the {@linkplain #appKey()
	 * key or secret}. A report names no more than this, and an application with several
	 * keys is one application. The identity of a user key is the key, so it is a secret
	 * as well.
	 * @return the identity; equal for all credentials of the application that are of the
	 * same kind
	 */
	default ApplicationCredentials identity() {
		return (appKey() != null) ? kind().identity(value()) : this;
	}

	/**
	 * Create the credentials of a caller known by one API key.
	 * @param value the key
	 * @return the credentials
	 * @throws IllegalArgumentException if the key is blank
	 */
	static UserKey userKey(String value) {
		return new UserKey(value);
	}

	/**
	 * Create the credentials of a caller known by an application id, without a key.
	 * @param id the application id
	 * @return the credentials
	 * @throws IllegalArgumentException if the id is blank
	 */
	static AppId appId(String id) {
		return new AppId(id, null);
	}

	/**
	 * Create the credentials of a caller known by an application id and one of the
	 * application's keys.
	 * @param id the application id
	 * @param key the key; blank counts as absent
	 * @return the credentials
	 * @throws IllegalArgumentException if the id is blank
	 */
	static AppId appId(String id, @Nullable String key) {
		return new AppId(id, key);
	}

	/**
	 * Create the credentials of a caller whose access token was validated already and
	 * names this client.
	 * @param clientId the client id, which is the application id at 3scale
	 * @return the credentials
	 * @throws IllegalArgumentException if the id is blank
	 */
	static OAuthClient oauthClient(String clientId) {
		return new OAuthClient(clientId, null);
	}

	/**
	 * A caller known by one API key, sent as {@code user_key}.
	 *
	 * @param value the key
	 */
	record UserKey(String value) implements ApplicationCredentials {

		public UserKey {
			Secret.require(value, "user key");
		}

		@Override
		public Kind kind() {
			return Kind.USER_KEY;
		}

		@Override
		public @Nullable String appKey() {
			return null;
		}

		@Override
		public String toString() {
			return "UserKey[" + Secret.MASK + "]";
		}

	}

	/**
	 * A caller known by an application id, sent as {@code app_id}, and perhaps a key,
	 * sent as {@code app_key}.
	 *
	 * @param id the application id
	 * @param key one of the application's keys, or {@code null}; blank becomes
	 * {@code null}, as an empty {@code app_key} is not the same as none
	 */
	record AppId(String id, @Nullable String key) implements ApplicationCredentials {

		public AppId {
			Secret.require(id, "application id");
			key = Secret.blankToNull(key);
		}

		@Override
		public Kind kind() {
			return Kind.APP_ID;
		}

		@Override
		public String value() {
			return this.id;
		}

		@Override
		public @Nullable String appKey() {
			return this.key;
		}

		@Override
		public String toString() {
			return "AppId[" + Secret.MASK + "]";
		}

	}

	/**
	 * A caller known by the client id of an access token that was validated before.
	 *
	 * @param id the client id, sent as {@code app_id}
	 * @param secret the client secret, sent as {@code app_key}, or {@code null}; blank
	 * becomes {@code null}
	 */
	record OAuthClient(String id, @Nullable String secret) implements ApplicationCredentials {

		public OAuthClient {
			Secret.require(id, "client id");
			secret = Secret.blankToNull(secret);
		}

		@Override
		public Kind kind() {
			return Kind.OAUTH_CLIENT;
		}

		@Override
		public String value() {
			return this.id;
		}

		@Override
		public @Nullable String appKey() {
			return this.secret;
		}

		@Override
		public String toString() {
			return "OAuthClient[" + Secret.MASK + "]";
		}

	}

}
