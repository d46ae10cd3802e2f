package io.threescale.spring.client.answer;

import java.util.Map;
import java.util.Set;

import io.threescale.spring.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The codes that mean that somebody has to change a setting, and which one
 * ({@code protocol.md} 5.2). 3scale's own messages are not used: they quote tokens and
 * keys.
 */
final class Misconfiguration {

	private static final String CREDENTIALS = "check the service id and the service token or provider key";

	private static final String MODE = "the service expects credentials of another kind; "
			+ "check its authentication mode at 3scale";

	private static final String REQUEST = "this client and the backend do not understand each other";

	private static final Map<ErrorCode, String> CURES = Map.ofEntries(
			Map.entry(ErrorCode.SERVICE_TOKEN_INVALID, CREDENTIALS),
			Map.entry(ErrorCode.PROVIDER_KEY_OR_SERVICE_TOKEN_REQUIRED, CREDENTIALS),
			Map.entry(ErrorCode.PROVIDER_KEY_INVALID, CREDENTIALS),
			Map.entry(ErrorCode.PROVIDER_KEY_INVALID_OR_SERVICE_MISSING, CREDENTIALS),
			Map.entry(ErrorCode.SERVICE_ID_INVALID, CREDENTIALS), Map.entry(ErrorCode.SERVICE_ID_MISSING, CREDENTIALS),
			Map.entry(ErrorCode.METRIC_INVALID,
					"the service has no metric of that system name; compare with those at 3scale"),
			Map.entry(ErrorCode.USAGE_VALUE_INVALID, REQUEST), Map.entry(ErrorCode.USER_KEY_INVALID, MODE),
			Map.entry(ErrorCode.APPLICATION_NOT_FOUND, MODE), Map.entry(ErrorCode.AUTHENTICATION_ERROR, MODE),
			Map.entry(ErrorCode.OAUTH_NOT_ENABLED,
					"the service does not use OpenID Connect; use the plain endpoints or change its mode at 3scale"),
			Map.entry(ErrorCode.NOT_VALID_DATA, REQUEST), Map.entry(ErrorCode.BAD_REQUEST, REQUEST),
			Map.entry(ErrorCode.END_USERS_NO_LONGER_SUPPORTED, "do not send a user id"),
			Map.entry(ErrorCode.CONTENT_TYPE_INVALID, REQUEST), Map.entry(ErrorCode.TRANSACTIONS_IS_BLANK, REQUEST),
			Map.entry(ErrorCode.TRANSACTIONS_FORMAT_INVALID, REQUEST),
			Map.entry(ErrorCode.TRANSACTIONS_HAS_NIL_TRANSACTION, REQUEST));

	private Misconfiguration() {
	}

	static boolean isKnown(ErrorCode code) {
		return CURES.containsKey(code);
	}

	static String describe(Operation operation, int status, @Nullable ErrorCode code, Set<String> metrics) {
		String answered = "3scale answered " + operation + " with " + status + " ";
		if (ErrorCode.METRIC_INVALID.equals(code)) {
			return answered + code + " for " + String.join(", ", metrics) + ": " + CURES.get(code);
		}
		if (code != null) {
			return answered + code + ": " + CURES.get(code);
		}
		return answered + "without a code: " + switch (status) {
			case 400, 414, 431 -> "the request was malformed or too long";
			case 401, 407 -> "something in front of it wants to be logged in to";
			case 403 -> "the request was malformed, or something in front of it refuses it";
			case 404 -> "check the base URL";
			default -> (status < 400) ? "it redirects; check the base URL" : REQUEST;
		};
	}

}
