package io.threescale.spring.sandbox;

import java.util.function.Predicate;

/**
 * Finds the application a call is made as, by what the service's mode asks for.
 *
 * @param service the service called
 */
record CallerCredentials(SandboxService service) {

	SandboxApplication ofAuthorization(Parameters parameters, boolean oauth) {
		String userKey = parameters.present("user_key");
		String appId = parameters.present("app_id");
		if (userKey != null && appId != null) {
			throw Refusal.bothCredentials();
		}
		if (appId == null && (oauth || this.service.mode() != SandboxService.Mode.USER_KEY)) {
			throw Refusal.applicationMissing();
		}
		if (this.service.mode() != SandboxService.Mode.USER_KEY) {
			return byAppId(String.valueOf(appId));
		}
		if (userKey == null) {
			throw Refusal.userKeyMissing();
		}
		return byUserKey(userKey);
	}

	/** A report may name either, whatever the mode; an empty one counts as named. */
	SandboxApplication ofTransaction(Parameters transaction) {
		String userKey = transaction.text("user_key");
		String appId = transaction.text("app_id");
		if (userKey != null && appId != null) {
			throw Refusal.bothCredentials();
		}
		if (userKey != null) {
			return byUserKey(userKey);
		}
		if (appId == null) {
			throw Refusal.applicationMissing();
		}
		return byAppId(appId);
	}

	private SandboxApplication byUserKey(String userKey) {
		return found((application) -> userKey.equals(application.userKey()), Refusal.userKey(userKey));
	}

	private SandboxApplication byAppId(String appId) {
		return found((application) -> appId.equals(application.id()), Refusal.application(appId));
	}

	private SandboxApplication found(Predicate<SandboxApplication> test, Refusal otherwise) {
		for (SandboxApplication application : this.service.applications()) {
			if (test.test(application)) {
				return application;
			}
		}
		throw otherwise;
	}

}
