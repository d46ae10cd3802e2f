package io.threescale.spring.client.predict;

import java.util.random.RandomGenerator;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.AppId;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.ApplicationCredentials.UserKey;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers apart without keeping their credentials, by hashes with a secret that
 * lasts as long as the process.
 */
final class Callers {

	private final long secret0;

	private final long secret1;

	/** Most callers show nothing but who they are. */
	private final KeyedHash noMeans;

	Callers(RandomGenerator random) {
		this.secret0 = random.nextLong();
		this.secret1 = random.nextLong();
		this.noMeans = hash(null, null);
	}

	Caller of(ApplicationCredentials credentials, @Nullable String referrer) {
		String key = key(credentials);
		KeyedHash means = (key != null || referrer != null) ? hash(key, referrer) : this.noMeans;
		return new Caller(application(credentials), means);
	}

	KeyedHash application(ApplicationCredentials credentials) {
		SipHash hash = new SipHash(this.secret0, this.secret1);
		if (credentials instanceof UserKey userKey) {
			hash.update(1).update(userKey.value());
		}
		else if (credentials instanceof AppId app) {
			hash.update(2).update(app.id());
		}
		else if (credentials instanceof OAuthClient client) {
			hash.update(3).update(client.id());
		}
		return hash.finish();
	}

	private static @Nullable String key(ApplicationCredentials credentials) {
		if (credentials instanceof AppId app) {
			return app.key();
		}
		return (credentials instanceof OAuthClient client) ? client.secret() : null;
	}

	private KeyedHash hash(@Nullable String key, @Nullable String referrer) {
		return new SipHash(this.secret0, this.secret1).update(4).update(key).update(referrer).finish();
	}

}
