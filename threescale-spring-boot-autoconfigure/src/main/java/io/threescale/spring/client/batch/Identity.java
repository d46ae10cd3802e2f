package io.threescale.spring.client.batch;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.AppId;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.ApplicationCredentials.UserKey;

/**
 * The part of credentials that a report names. Keys are not kept longer than a call.
 */
final class Identity {

	private Identity() {
	}

	static ApplicationCredentials of(ApplicationCredentials credentials) {
		if (credentials instanceof AppId app && app.key() != null) {
			return ApplicationCredentials.appId(app.id());
		}
		if (credentials instanceof OAuthClient client && client.secret() != null) {
			return ApplicationCredentials.oauthClient(client.id());
		}
		return credentials;
	}

	static String value(ApplicationCredentials credentials) {
		if (credentials instanceof UserKey key) {
			return key.value();
		}
		if (credentials instanceof AppId app) {
			return app.id();
		}
		return ((OAuthClient) credentials).id();
	}

}
