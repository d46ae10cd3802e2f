package io.threescale.spring.sandbox;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.ErrorCode;

import org.jspecify.annotations.Nullable;

/**
 * A condition a call has to meet before its limits are looked at
 * ({@code 3scale/apisonator:lib/3scale/backend/validators}).
 */
@FunctionalInterface
interface CallValidator {

	/** The order in which the backend asks; the first denial is the one it gives. */
	List<CallValidator> IN_ORDER = List.of(CallValidator::oauthSetting, CallValidator::key, CallValidator::redirect,
			CallValidator::referrer, CallValidator::applicationState, CallValidator::serviceState);

	@Nullable Denial validate(AuthorizeCall call);

	static @Nullable Denial firstDenial(AuthorizeCall call) {
		return IN_ORDER.stream()
			.map((validator) -> validator.validate(call))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Denial oauthSetting(AuthorizeCall call) {
		boolean enabled = !call.operation().oauth() || call.service().mode() == SandboxService.Mode.OAUTH;
		return enabled ? null : new Denial(ErrorCode.OAUTH_NOT_ENABLED, "oauth is not enabled");
	}

	private static @Nullable Denial key(AuthorizeCall call) {
		String key = call.applicationKey();
		boolean checked = switch (call.service().mode()) {
			case USER_KEY -> false;
			case APP_ID -> !call.application().keys().isEmpty();
			case OAUTH -> key != null;
		};
		if (!checked || (key != null && call.application().keys().contains(key))) {
			return null;
		}
		return new Denial(ErrorCode.APPLICATION_KEY_INVALID, (key == null || key.isEmpty())
				? "application key is missing" : "application key \"" + key + "\" is invalid");
	}

	private static @Nullable Denial redirect(AuthorizeCall call) {
		String name = call.redirectName();
		String value = call.parameters().present(name);
		if (!call.operation().oauth() || value == null || value.equals(call.application().redirectUrl())) {
			return null;
		}
		return new Denial(new ErrorCode(name + "_invalid"), name + " \"" + value + "\" is invalid");
	}

	private static @Nullable Denial referrer(AuthorizeCall call) {
		List<String> filters = call.application().referrerFilters();
		if (!call.service().referrerFiltersRequired() || filters.isEmpty()) {
			return null;
		}
		String referrer = call.parameters().present("referrer");
		if (referrer == null) {
			return new Denial(ErrorCode.REFERRER_NOT_ALLOWED, "referrer is missing");
		}
		if (referrer.equals("*") || filters.stream().anyMatch((filter) -> matches(filter, referrer))) {
			return null;
		}
		return new Denial(ErrorCode.REFERRER_NOT_ALLOWED, "referrer \"" + referrer + "\" is not allowed");
	}

	private static boolean matches(String filter, String referrer) {
		String pattern = Stream.of(filter.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
		return referrer.matches(pattern);
	}

	private static @Nullable Denial applicationState(AuthorizeCall call) {
		return call.application().suspended()
				? new Denial(ErrorCode.APPLICATION_NOT_ACTIVE, "application is not active") : null;
	}

	private static @Nullable Denial serviceState(AuthorizeCall call) {
		return call.service().suspended() ? new Denial(ErrorCode.SERVICE_NOT_ACTIVE, "service is not active") : null;
	}

}
