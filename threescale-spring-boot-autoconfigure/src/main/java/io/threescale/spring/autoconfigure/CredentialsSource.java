package io.threescale.spring.autoconfigure;

import io.threescale.spring.credentials.CredentialsPlace;
import io.threescale.spring.credentials.CredentialsResolver;

/**
 * The places callers can be told to put their credentials in.
 *
 * @since 0.1.0
 */
public enum CredentialsSource {

	/** Headers, by name. */
	HEADER {

		@Override
		CredentialsResolver resolver(ThreeScaleCredentialsProperties credentials) {
			return CredentialsResolver.named(credentials.kind(), CredentialsPlace.HEADER,
					credentials.header().names("header"));
		}

	},

	/** Query parameters, by name. */
	QUERY {

		@Override
		CredentialsResolver resolver(ThreeScaleCredentialsProperties credentials) {
			return CredentialsResolver.named(credentials.kind(), CredentialsPlace.QUERY,
					credentials.query().names("query"));
		}

	},

	/** Cookies, by name. */
	COOKIE {

		@Override
		CredentialsResolver resolver(ThreeScaleCredentialsProperties credentials) {
			return CredentialsResolver.named(credentials.kind(), CredentialsPlace.COOKIE,
					credentials.cookie().names("cookie"));
		}

	},

	/** HTTP Basic. */
	BASIC {

		@Override
		CredentialsResolver resolver(ThreeScaleCredentialsProperties credentials) {
			return CredentialsResolver.basic(credentials.kind());
		}

	},

	/** Bearer token. */
	BEARER {

		@Override
		CredentialsResolver resolver(ThreeScaleCredentialsProperties credentials) {
			return CredentialsResolver.bearer(credentials.kind());
		}

	};

	abstract CredentialsResolver resolver(ThreeScaleCredentialsProperties credentials);

}
