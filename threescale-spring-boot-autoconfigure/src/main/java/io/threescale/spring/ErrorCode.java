package io.threescale.spring;

import java.util.Objects;
import java.util.Set;

/**
 * A code by which 3scale says why it answers no, or why it cannot answer
 * ({@code protocol.md} section 5, {@code 3scale/apisonator:lib/3scale/backend/errors.rb}
 * and {@code validators.rb}). A code this version does not know keeps its text.
 *
 * @param value the code as 3scale writes it, such as {@code limits_exceeded}
 * @since 0.1.0
 */
public record ErrorCode(String value) {

	/** The call would go beyond a limit of the application's plan. */
	public static final ErrorCode LIMITS_EXCEEDED = new ErrorCode("limits_exceeded");

	/** The application key is wrong, or missing although the application has keys. */
	public static final ErrorCode APPLICATION_KEY_INVALID = new ErrorCode("application_key_invalid");

	/** The application is suspended. */
	public static final ErrorCode APPLICATION_NOT_ACTIVE = new ErrorCode("application_not_active");

	/** The referrer is not one of those the application allows. */
	public static final ErrorCode REFERRER_NOT_ALLOWED = new ErrorCode("referrer_not_allowed");

	/** The service is suspended. */
	public static final ErrorCode SERVICE_NOT_ACTIVE = new ErrorCode("service_not_active");

	/** An OAuth endpoint was called for a service that does not use OAuth. */
	public static final ErrorCode OAUTH_NOT_ENABLED = new ErrorCode("oauth_not_enabled");

	/** The {@code redirect_uri} is not the one the application registered. */
	public static final ErrorCode REDIRECT_URI_INVALID = new ErrorCode("redirect_uri_invalid");

	/** The {@code redirect_url} is not the one the application registered. */
	public static final ErrorCode REDIRECT_URL_INVALID = new ErrorCode("redirect_url_invalid");

	/** No application of the service has this user key. */
	public static final ErrorCode USER_KEY_INVALID = new ErrorCode("user_key_invalid");

	/** No application of the service has this id. */
	public static final ErrorCode APPLICATION_NOT_FOUND = new ErrorCode("application_not_found");

	/** Both an application id and a user key were sent. */
	public static final ErrorCode AUTHENTICATION_ERROR = new ErrorCode("authentication_error");

	/** The service has no metric of this name. */
	public static final ErrorCode METRIC_INVALID = new ErrorCode("metric_invalid");

	/** The usage is not a number 3scale accepts. */
	public static final ErrorCode USAGE_VALUE_INVALID = new ErrorCode("usage_value_invalid");

	/** The service token is unknown, or not valid for the service. */
	public static final ErrorCode SERVICE_TOKEN_INVALID = new ErrorCode("service_token_invalid");

	/** Neither a provider key nor a service token was sent. */
	public static final ErrorCode PROVIDER_KEY_OR_SERVICE_TOKEN_REQUIRED = new ErrorCode(
			"provider_key_or_service_token_required");

	/** The provider key is unknown. */
	public static final ErrorCode PROVIDER_KEY_INVALID = new ErrorCode("provider_key_invalid");

	/** The provider key is unknown, or the provider has no default service. */
	public static final ErrorCode PROVIDER_KEY_INVALID_OR_SERVICE_MISSING = new ErrorCode(
			"provider_key_invalid_or_service_missing");

	/** The provider has no service of this id. */
	public static final ErrorCode SERVICE_ID_INVALID = new ErrorCode("service_id_invalid");

	/** A service token was sent without a service id. */
	public static final ErrorCode SERVICE_ID_MISSING = new ErrorCode("service_id_missing");

	/** A name or a value was not valid UTF-8. */
	public static final ErrorCode NOT_VALID_DATA = new ErrorCode("not_valid_data");

	/** The request could not be parsed, or has too many parameters. */
	public static final ErrorCode BAD_REQUEST = new ErrorCode("bad_request");

	/** The removed parameter {@code user_id} was sent. */
	public static final ErrorCode END_USERS_NO_LONGER_SUPPORTED = new ErrorCode("end_users_no_longer_supported");

	/** A report was not form encoded. */
	public static final ErrorCode CONTENT_TYPE_INVALID = new ErrorCode("content_type_invalid");

	/** A report had no transactions. */
	public static final ErrorCode TRANSACTIONS_IS_BLANK = new ErrorCode("transactions_is_blank");

	/** The transactions of a report were not a map of maps. */
	public static final ErrorCode TRANSACTIONS_FORMAT_INVALID = new ErrorCode("transactions_format_invalid");

	/** One of the transactions of a report was empty. */
	public static final ErrorCode TRANSACTIONS_HAS_NIL_TRANSACTION = new ErrorCode("transactions_has_nil_transaction");

	private static final Set<ErrorCode> KNOWN = Set.of(LIMITS_EXCEEDED, APPLICATION_KEY_INVALID, APPLICATION_NOT_ACTIVE,
			REFERRER_NOT_ALLOWED, SERVICE_NOT_ACTIVE, OAUTH_NOT_ENABLED, REDIRECT_URI_INVALID, REDIRECT_URL_INVALID,
			USER_KEY_INVALID, APPLICATION_NOT_FOUND, AUTHENTICATION_ERROR, METRIC_INVALID, USAGE_VALUE_INVALID,
			SERVICE_TOKEN_INVALID, PROVIDER_KEY_OR_SERVICE_TOKEN_REQUIRED, PROVIDER_KEY_INVALID,
			PROVIDER_KEY_INVALID_OR_SERVICE_MISSING, SERVICE_ID_INVALID, SERVICE_ID_MISSING, NOT_VALID_DATA,
			BAD_REQUEST, END_USERS_NO_LONGER_SUPPORTED, CONTENT_TYPE_INVALID, TRANSACTIONS_IS_BLANK,
			TRANSACTIONS_FORMAT_INVALID, TRANSACTIONS_HAS_NIL_TRANSACTION);

	public ErrorCode {
		Objects.requireNonNull(value, "'value' must not be null");
	}

	/**
	 * Tell whether this is one of the codes above.
	 * @return {@code false} for a code of a later backend
	 */
	public boolean isKnown() {
		return KNOWN.contains(this);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
