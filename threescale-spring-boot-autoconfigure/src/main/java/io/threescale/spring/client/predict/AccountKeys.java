package io.threescale.spring.client.predict;

import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.AppId;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.ApplicationCredentials.UserKey;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys of credentials, with a secret of its own that lasts as long as the process.
 */
final class AccountKeys {

	private final long secret0;

	private final long secret1;

	AccountKeys(RandomGenerator random) {
		this.secret0 = random.nextLong();
		this.secret1 = random.nextLong();
	}

	AccountKey of(ApplicationCredentials application, @Nullable String referrer) {
		SipHash hash = new SipHash(this.secret0, this.secret1);
		if (application instanceof UserKey userKey) {
			hash.update(1).update(userKey.value());
		}
		else if (application instanceof AppId app) {
			hash.update(2).update(app.id()).update(app.key());
		}
		else if (application instanceof OAuthClient client) {
			hash.update(3).update(client.id()).update(client.secret());
		}
		return hash.update(referrer).finish();
	}

}
