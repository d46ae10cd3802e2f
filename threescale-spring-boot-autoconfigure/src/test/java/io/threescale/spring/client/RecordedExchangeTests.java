package io.threescale.spring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.client.RecordedExchange.Header;
import io.threescale.spring.client.RecordedExchange.RecordedAnswer;
import io.threescale.spring.client.answer.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the client against what a real 3scale received and answered.
 */
class RecordedExchangeTests {

	/**
	 * Requests a correct client never sends, and what their answers are to be taken for.
	 */
	private static final String NEVER_SENT = """
			# a parameter sent twice
			authrep-duplicate-usage -> granted
			authrep-duplicate-user_key -> granted
			report-indexes-repeated -> accepted
			# a usage that is no map of metrics
			authrep-usage-array-then-hash -> misconfigured bad_request
			authrep-usage-array -> misconfigured -
			authrep-usage-empty-metric -> misconfigured usage_value_invalid
			authrep-usage-nested -> misconfigured usage_value_invalid
			authrep-usage-not-hash -> misconfigured -
			authrep-usage-string-then-hash -> misconfigured -
			query-deep -> misconfigured bad_request
			# an amount that is no number, or not between 0 and 10^15
			authorize-usage_value_invalid -> misconfigured usage_value_invalid
			authrep-usage_value-blank -> misconfigured usage_value_invalid
			authrep-usage_value-exp -> misconfigured usage_value_invalid
			authrep-usage_value-hash-negative -> misconfigured usage_value_invalid
			authrep-usage_value-hash-only -> misconfigured usage_value_invalid
			authrep-usage_value-huge-limited -> denied limits_exceeded
			authrep-usage_value-invalid-nolimit -> misconfigured usage_value_invalid
			authrep-usage_value-long-max -> granted
			authrep-usage_value-multiline -> misconfigured usage_value_invalid
			authrep-usage_value-negative -> misconfigured usage_value_invalid
			authrep-usage_value-newline -> granted
			authrep-usage_value-plus -> misconfigured usage_value_invalid
			authrep-usage_value-text -> misconfigured usage_value_invalid
			authrep-usage_value-unicode -> misconfigured usage_value_invalid
			authrep-usage_value-zero-padded -> granted
			ext-no_body-rejection-usage_value_invalid -> misconfigured -
			report-usage_value-decimal -> accepted
			# an empty parameter
			authrep-application_not_found-empty -> misconfigured application_not_found
			authrep-provider_key-empty -> misconfigured provider_key_or_service_token_required
			authrep-referrer-empty -> denied referrer_not_allowed
			authrep-service_id-empty -> misconfigured service_id_missing
			authrep-usage_value-empty -> misconfigured usage_value_invalid
			authrep-user_id-empty -> misconfigured end_users_no_longer_supported
			ext-no_body-param-empty -> granted
			oauth_authorize-application_key-empty -> denied application_key_invalid
			oauth_authorize-redirect_uri-empty -> granted
			oauth_authrep-redirect_uri-empty -> granted
			report-timestamp-empty -> accepted
			report-transactions-empty -> misconfigured transactions_is_blank
			# an option that is off, unknown, or in a second header
			ext-all-denied -> denied limits_exceeded
			ext-flat_usage-off -> granted
			ext-header-comma -> denied unknown
			ext-header-garbage -> ambiguous
			ext-header-twice -> denied unknown
			ext-header-unknown -> granted
			ext-limit-headers-true -> granted
			ext-no_body-true -> granted
			ext-no_body-zero -> granted
			# another form of a timestamp
			report-timestamp-1h-ago -> accepted
			report-timestamp-23h59-ago -> accepted
			report-timestamp-25h-ago -> accepted
			report-timestamp-2h-ahead -> accepted
			report-timestamp-50min-ahead -> accepted
			report-timestamp-epoch-ms -> accepted
			report-timestamp-epoch -> accepted
			report-timestamp-garbage -> accepted
			report-timestamp-iso8601-T -> accepted
			report-timestamp-iso8601-millis -> accepted
			report-timestamp-now -> accepted
			report-timestamp-plus-unencoded -> accepted
			# another path or method
			available-get -> misconfigured -
			available-head -> granted
			cors-preflight -> ambiguous
			method-DELETE-authrep -> misconfigured -
			method-GET-authrep-with-body -> granted
			method-HEAD-authrep-denied -> denied limits_exceeded
			method-HEAD-authrep -> granted
			method-PATCH-authrep -> misconfigured -
			method-POST-authrep-form -> misconfigured -
			method-POST-authrep -> misconfigured -
			method-PUT-authrep -> misconfigured -
			method-TRACE-authrep -> misconfigured -
			path-authrep-noext -> misconfigured -
			path-double-slash -> granted
			path-encoded-path -> granted
			path-root -> misconfigured -
			path-transactions-get -> misconfigured -
			path-unknown -> misconfigured -
			path-upper -> misconfigured -
			redis-down-status -> ambiguous
			report-method-DELETE -> misconfigured -
			report-method-GET -> misconfigured -
			report-method-HEAD -> misconfigured -
			report-method-OPTIONS -> ambiguous
			report-method-PUT -> misconfigured -
			report-path-json -> misconfigured -
			report-path-noext -> misconfigured -
			status -> ambiguous
			# no or half credentials of the service
			authorization-basic -> misconfigured provider_key_or_service_token_required
			authrep-no-params -> misconfigured provider_key_or_service_token_required
			authrep-no-provider-credentials -> misconfigured provider_key_or_service_token_required
			authrep-semicolon-separator -> misconfigured service_id_missing
			authrep-service_id-missing -> misconfigured service_id_missing
			ext-rejection-reason-service_id_missing -> misconfigured service_id_missing
			report-credentials-in-transaction -> misconfigured service_id_missing
			report-no-credentials-no-body -> misconfigured provider_key_or_service_token_required
			report-no-credentials -> misconfigured provider_key_or_service_token_required
			report-service_id-missing -> misconfigured service_id_missing
			report-transactions-empty-body -> misconfigured provider_key_or_service_token_required
			# nobody calls
			authrep-application_not_found-missing -> misconfigured application_not_found
			authrep-null-byte -> misconfigured user_key_invalid
			authrep-user_key-array -> misconfigured user_key_invalid
			authrep-user_key-blank -> misconfigured user_key_invalid
			authrep-user_key-missing -> misconfigured user_key_invalid
			oauth_authorize-access_token -> misconfigured application_not_found
			oauth_authorize-application-missing -> misconfigured application_not_found
			oauth_authrep-application-missing -> misconfigured application_not_found
			report-no-app -> accepted
			# not a form
			report-gzip-body -> ambiguous
			report-json-content-type-form-body -> misconfigured content_type_invalid
			report-json-content-type -> misconfigured content_type_invalid
			# not percent-encoded UTF-8, or no name and value
			authrep-invalid-percent -> misconfigured bad_request
			authrep-invalid-utf8-metric -> misconfigured not_valid_data
			authrep-invalid-utf8-no_body -> misconfigured not_valid_data
			authrep-invalid-utf8-provider_key -> misconfigured not_valid_data
			authrep-invalid-utf8-unknown-name -> misconfigured not_valid_data
			authrep-latin1-percent -> misconfigured not_valid_data
			authrep-usage-no-value -> misconfigured usage_value_invalid
			query-4200-params -> misconfigured bad_request
			query-many-params -> granted
			report-invalid-percent -> ambiguous
			report-invalid-utf8 -> misconfigured not_valid_data
			report-json-as-form-body -> misconfigured provider_key_or_service_token_required
			# removed, or discarded by 3scale
			authrep-ok-log -> granted
			authrep-user_id -> misconfigured end_users_no_longer_supported
			# the recording has only the beginning of the body
			report-body-4MB-under -> accepted
			report-body-5MB -> misconfigured bad_request
			report-many-1000-timestamps -> accepted
			report-many-1000 -> accepted
			report-many-1400-timestamps -> misconfigured bad_request
			report-many-400 -> accepted
			report-params-4098 -> misconfigured bad_request
			report-params-exactly-4096 -> accepted
			# transactions in another shape, or none
			report-indexes-gap -> accepted
			report-indexes-not-numeric -> accepted
			report-rejection-reason -> misconfigured transactions_is_blank
			report-transactions-array-of-hashes -> misconfigured transactions_format_invalid
			report-transactions-array -> misconfigured transactions_format_invalid
			report-transactions-missing -> misconfigured transactions_is_blank
			report-transactions-one-string -> ambiguous
			report-transactions-string -> misconfigured transactions_format_invalid
			report-usage-not-hash -> ambiguous
			report-user_id -> misconfigured end_users_no_longer_supported
			# two kinds of credentials
			authorize-both-user_key-and-app_id -> misconfigured authentication_error
			authrep-both-user_key-and-app_id-v2 -> misconfigured authentication_error
			authrep-both-user_key-and-app_id -> misconfigured authentication_error
			authrep-provider_key-beats-token -> misconfigured provider_key_invalid
			authrep-provider_key-good-token-bad -> granted
			ext-rejection-reason-authentication_error -> misconfigured authentication_error
			oauth_authorize-on-v1-service-user_key -> misconfigured application_not_found
			oauth_authorize-user_key -> misconfigured application_not_found
			oauth_authrep-both -> misconfigured authentication_error
			oauth_authrep-user_key -> misconfigured application_not_found
			report-both-app_id-user_key -> accepted
			""";

	/**
	 * What the answers to requests our client does send are to be taken for, unless it is
	 * {@code granted} or {@code accepted}.
	 */
	private static final String SENT = """
			authorize-application_not_found -> denied application_not_found
			authorize-limits-exceeded-already -> denied limits_exceeded
			authorize-service_not_active -> denied service_not_active
			authrep-after-lag -> denied limits_exceeded
			authrep-app_id-on-v1 -> misconfigured user_key_invalid
			authrep-app_id-padded -> denied application_not_found
			authrep-application_key_invalid-markup -> denied unknown
			authrep-application_key_invalid -> denied application_key_invalid
			authrep-application_not_active-app_id -> denied application_not_active
			authrep-application_not_active-badkey -> denied application_key_invalid
			authrep-application_not_active -> denied application_not_active
			authrep-application_not_found -> denied application_not_found
			authrep-limit-zero-usage -> denied limits_exceeded
			authrep-limits-child-exceeds-parent -> denied limits_exceeded
			authrep-limits-exceeded-already-usage -> denied limits_exceeded
			authrep-limits-exceeded-already -> denied limits_exceeded
			authrep-limits-exceeded-usage-zero -> denied limits_exceeded
			authrep-limits-next-one-denied -> denied limits_exceeded
			authrep-metric-case -> misconfigured metric_invalid
			authrep-metric_invalid-and-valid -> misconfigured metric_invalid
			authrep-metric_invalid-suspended -> denied application_not_active
			authrep-metric_invalid-zero -> misconfigured metric_invalid
			authrep-metric_invalid -> misconfigured metric_invalid
			authrep-ok-usage-set-over -> denied limits_exceeded
			authrep-provider_key-of-another -> misconfigured service_id_invalid
			authrep-provider_key_invalid -> misconfigured provider_key_invalid_or_service_missing
			authrep-reason-control-char -> denied unknown
			authrep-referrer-denied-markup -> denied unknown
			authrep-referrer-http-header -> denied referrer_not_allowed
			authrep-referrer-missing -> denied referrer_not_allowed
			authrep-service_id_invalid-provider_key -> misconfigured service_id_invalid
			authrep-service_not_active -> denied service_not_active
			authrep-service_token-of-another-service -> misconfigured service_token_invalid
			authrep-service_token-xml-chars -> misconfigured service_token_invalid
			authrep-service_token_invalid-service_id -> misconfigured service_token_invalid
			authrep-service_token_invalid -> misconfigured service_token_invalid
			authrep-user_key-on-v2 -> misconfigured application_not_found
			authrep-user_key-padded -> denied user_key_invalid
			authrep-user_key_invalid -> denied user_key_invalid
			authrep-xml-control-char -> denied application_not_found
			ext-all-no_body-denied -> denied limits_exceeded
			ext-hierarchy-denied -> denied limits_exceeded
			ext-limit-headers-exceeded -> denied limits_exceeded
			ext-limit-headers-notactive -> denied application_not_active
			ext-no_body-rejection-application_key-missing -> denied application_key_invalid
			ext-no_body-rejection-application_key_invalid -> denied application_key_invalid
			ext-no_body-rejection-application_not_found -> misconfigured -
			ext-no_body-rejection-metric_invalid -> misconfigured -
			ext-no_body-rejection-provider_key_invalid -> misconfigured -
			ext-no_body-rejection-service_id_invalid -> misconfigured -
			ext-no_body-rejection-service_not_active -> denied service_not_active
			ext-no_body-rejection-service_token_invalid -> misconfigured -
			ext-no_body-rejection-user_key_invalid -> misconfigured -
			ext-rejection-reason-application_key-missing -> denied application_key_invalid
			ext-rejection-reason-application_key_invalid -> denied application_key_invalid
			ext-rejection-reason-limits_exceeded -> denied limits_exceeded
			ext-rejection-reason-metric_invalid -> misconfigured metric_invalid
			ext-rejection-reason-provider_key_invalid -> misconfigured provider_key_invalid_or_service_missing
			ext-rejection-reason-service_id_invalid -> misconfigured service_id_invalid
			ext-rejection-reason-service_not_active -> denied service_not_active
			ext-rejection-reason-service_token_invalid -> misconfigured service_token_invalid
			ext-rejection-reason-user_key_invalid -> denied user_key_invalid
			oauth_authorize-application_not_active -> denied application_not_active
			oauth_authorize-limits-exceeded -> denied limits_exceeded
			oauth_authorize-nokeys-anykey -> denied application_key_invalid
			oauth_authorize-oauth_not_enabled -> misconfigured oauth_not_enabled
			oauth_authorize-redirect_url_invalid -> denied redirect_url_invalid
			oauth_authrep-application_key_invalid -> denied application_key_invalid
			oauth_authrep-application_not_found -> denied application_not_found
			oauth_authrep-limits-exceeded -> denied limits_exceeded
			oauth_authrep-oauth_not_enabled -> misconfigured oauth_not_enabled
			oauth_authrep-on-v1-service -> misconfigured user_key_invalid
			oauth_authrep-redirect_url_invalid -> denied redirect_url_invalid
			query-10k -> misconfigured -
			redis-down-authorize-no_body -> unavailable
			redis-down-authrep -> ambiguous
			redis-down-report -> ambiguous
			redis-hangs-authrep -> ambiguous
			report-provider_key_invalid-service_id -> misconfigured provider_key_invalid
			report-service_id_invalid -> misconfigured service_id_invalid
			report-service_token_invalid -> misconfigured service_token_invalid
			""";

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance().build();

	@Test
	void shouldSendEveryRecordedRequestACorrectClientCanSend() {
		Set<String> unsendable = RecordedExchange.all()
			.filter((exchange) -> !isSendable(exchange))
			.map(RecordedExchange::name)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(unsendable).isEqualTo(new TreeSet<>(table(NEVER_SENT).keySet()));
		assertThat(sendable()).hasSize(167);
	}

	@ParameterizedTest
	@MethodSource("sendable")
	void whenRequestIsSendableThenSendsTheSame(RecordedExchange exchange) {
		RecordedCall call = RecordedCall.of(exchange);
		Outcome.of(() -> make(call, exchange.answer()));
		assertThat(backend.findAll(anyRequestedFor(anyUrl()))).singleElement().satisfies((sent) -> {
			String[] target = sent.getUrl().split("\\?", 2);
			assertThat(sent.getMethod().value()).isEqualTo(exchange.method());
			assertThat(target[0]).isEqualTo(exchange.path());
			assertThat(Form.parse(((target.length > 1) ? target[1] : "") + "&" + sent.getBodyAsString()))
				.isEqualTo(exchange.parameters());
			assertThat(options(sent)).containsExactlyInAnyOrderElementsOf(expectedOptions(call, exchange));
			if (call.operation() == Operation.REPORT) {
				assertThat(target).as("nothing in the query of a report").hasSize(1);
				assertThat(sent.header("Content-Type").firstValue()).isEqualTo("application/x-www-form-urlencoded");
			}
		});
	}

	@ParameterizedTest
	@MethodSource("sendable")
	void whenRequestIsSendableThenTypesTheAnswer(RecordedExchange exchange) {
		RecordedCall call = RecordedCall.of(exchange);
		String usual = (call.operation() == Operation.REPORT) ? "accepted" : "granted";
		assertThat(Outcome.of(() -> make(call, exchange.answer())))
			.isEqualTo(table(SENT).getOrDefault(exchange.name(), usual));
	}

	@ParameterizedTest
	@MethodSource("decisions")
	void whenAnswerDecidesThenTellsAllOfIt(RecordedExchange exchange) {
		Authorization authorization = (Authorization) make(RecordedCall.of(exchange), exchange.answer());
		assertThat(authorization.status()).isEqualTo(RecordedStatus.of(exchange.answer()));
		if (exchange.answer().status() == 200) {
			assertThat(authorization).isInstanceOf(Granted.class);
			assertThat(authorization.isGranted()).isTrue();
			return;
		}
		assertThat(authorization).isInstanceOfSatisfying(Denied.class, (denied) -> {
			assertThat(denied.isGranted()).isFalse();
			assertThat(denied.reason()).isEqualTo(RecordedStatus.reason(exchange.answer()));
			String code = exchange.answer().header("3scale-rejection-reason");
			if (code != null) {
				assertThat(denied.code()).hasToString(code);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("unsendable")
	void whenRequestIsNeverSentThenStillClassifiesTheAnswer(RecordedExchange exchange) {
		String usual = exchange.path().startsWith("/transactions.") ? "report-ok-1" : "authrep-ok-limits";
		RecordedCall call = RecordedCall.of(RecordedExchange.named(usual));
		assertThat(Outcome.of(() -> make(call, exchange.answer()))).isEqualTo(table(NEVER_SENT).get(exchange.name()));
		assertThat(backend.findAll(anyRequestedFor(anyUrl()))).hasSize(1);
	}

	static Stream<RecordedExchange> sendable() {
		return RecordedExchange.all().filter(RecordedExchangeTests::isSendable);
	}

	static Stream<RecordedExchange> unsendable() {
		return RecordedExchange.all().filter((exchange) -> !isSendable(exchange));
	}

	static Stream<RecordedExchange> decisions() {
		Map<String, String> outcomes = table(SENT);
		return sendable().filter((exchange) -> !exchange.path().equals(Operation.REPORT.path()))
			.filter((exchange) -> outcomes.getOrDefault(exchange.name(), "granted").matches("granted|denied .*"));
	}

	private static boolean isSendable(RecordedExchange exchange) {
		try {
			RecordedCall.of(exchange);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static Map<String, String> table(String text) {
		return text.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.split(" -> "))
			.collect(Collectors.toMap((cells) -> cells[0], (cells) -> cells[1]));
	}

	private static Object make(RecordedCall call, RecordedAnswer answer) {
		backend.stubFor(any(anyUrl()).willReturn(replay(answer)));
		try (ThreeScaleClient client = call.client(backend.baseUrl()).build()) {
			return call.make(client);
		}
	}

	/**
	 * The length is left to the server: that of an answer to HEAD is no length at all.
	 */
	private static ResponseDefinitionBuilder replay(RecordedAnswer answer) {
		ResponseDefinitionBuilder response = aResponse().withStatus(answer.status()).withBody(answer.body());
		for (Header header : answer.headers()) {
			if (!header.name().toLowerCase(Locale.ROOT).equals("content-length")) {
				response.withHeader(header.name(), header.value());
			}
		}
		return response;
	}

	private static List<Form.Pair> options(LoggedRequest sent) {
		if (!sent.containsHeader("3scale-options")) {
			return List.of();
		}
		assertThat(sent.header("3scale-options").values()).hasSize(1);
		return Form.parse(sent.getHeader("3scale-options"));
	}

	private static List<Form.Pair> expectedOptions(RecordedCall call, RecordedExchange exchange) {
		List<Form.Pair> options = new ArrayList<>(exchange.options());
		Form.Pair always = new Form.Pair("rejection_reason_header", "1");
		if (call.operation() != Operation.REPORT && !options.contains(always)) {
			options.add(always);
		}
		return options;
	}

}
