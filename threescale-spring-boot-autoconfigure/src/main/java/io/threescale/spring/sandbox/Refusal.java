package io.threescale.spring.sandbox;

import java.util.Objects;

import io.threescale.spring.ErrorCode;

/**
 * Ends a call that 3scale answers with an error instead of a yes or no. The texts are
 * those of {@code 3scale/apisonator:lib/3scale/backend/errors.rb}.
 */
final class Refusal extends RuntimeException {

	private final int status;

	private final ErrorCode code;

	private final boolean hideable;

	Refusal(int status, ErrorCode code, String message) {
		this(status, code, message, true);
	}

	private Refusal(int status, ErrorCode code, String message, boolean hideable) {
		super(message, null, false, false);
		this.status = status;
		this.code = code;
		this.hideable = hideable;
	}

	/** An error of parsing, whose body {@code no_body} does not take away. */
	static Refusal unreadable(String message) {
		return new Refusal(400, ErrorCode.BAD_REQUEST, message, false);
	}

	static Refusal notUtf8() {
		return new Refusal(422, ErrorCode.NOT_VALID_DATA, "all data must be valid UTF8", false);
	}

	static Refusal metric(String name) {
		return new Refusal(404, ErrorCode.METRIC_INVALID, "metric \"" + name + "\" is invalid");
	}

	static Refusal userKey(String key) {
		return new Refusal(403, ErrorCode.USER_KEY_INVALID, "user key \"" + key + "\" is invalid");
	}

	static Refusal application(String id) {
		return new Refusal(404, ErrorCode.APPLICATION_NOT_FOUND, "application with id=\"" + id + "\" was not found");
	}

	static Refusal applicationMissing() {
		return new Refusal(404, ErrorCode.APPLICATION_NOT_FOUND, "application id is missing");
	}

	static Refusal userKeyMissing() {
		return new Refusal(403, ErrorCode.USER_KEY_INVALID, "user key is missing");
	}

	static Refusal bothCredentials() {
		return new Refusal(403, ErrorCode.AUTHENTICATION_ERROR, "either app_id or user_key is allowed, not both");
	}

	static Refusal endUsers() {
		return new Refusal(400, ErrorCode.END_USERS_NO_LONGER_SUPPORTED,
				"End-users are no longer supported, do not specify the user_id parameter");
	}

	int status() {
		return this.status;
	}

	ErrorCode code() {
		return this.code;
	}

	String text() {
		return Objects.requireNonNullElse(getMessage(), "");
	}

	RawAnswer answer(boolean noBody) {
		return RawAnswer.error(this.status, (noBody && this.hideable) ? "" : StatusXml.error(this));
	}

}
