package io.threescale.spring.client;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.answer.Operation;
import io.threescale.spring.fixture.Patience;

/**
 * What a user of the client has to say so that it sends the same as a recorded request.
 *
 * @param operation the operation of that path
 * @param service the credentials of the service
 * @param authorization the request, unless it is a report
 * @param report the report, unless it is an authorization
 */
record RecordedCall(Operation operation, ServiceCredentials service, AuthorizationRequest authorization,
		ReportRequest report) {

	private static final Pattern TRANSACTION = Pattern.compile("transactions\\[(\\d+)](?:\\[(\\w+)](?:\\[(.*)])?)");

	private static final Pattern USAGE = Pattern.compile("usage\\[(.*)]");

	/**
	 * Translate a recorded request.
	 * @throws IllegalArgumentException if our client has no way to send it
	 */
	static RecordedCall of(RecordedExchange exchange) {
		Operation operation = operation(exchange);
		check(!exchange.cut(), "half a body");
		check(exchange.headers().stream().filter((header) -> header.name().equals("3scale-options")).count() < 2,
				"two headers of options");
		check(exchange.body().isEmpty() == (operation != Operation.REPORT), "a body where it does not belong");
		String contentType = exchange.contentType();
		check(contentType == null || contentType.startsWith("application/x-www-form-urlencoded"),
				"anything but a form");
		Map<String, String> parameters = new LinkedHashMap<>();
		for (Form.Pair pair : exchange.parameters()) {
			check(!pair.value().isEmpty(), "an empty parameter");
			check(parameters.put(pair.name(), pair.value()) == null, "a repeated parameter");
		}
		ServiceCredentials service = service(parameters);
		if (operation == Operation.REPORT) {
			return new RecordedCall(operation, service, null, report(parameters, exchange.options()));
		}
		return new RecordedCall(operation, service, authorization(operation, parameters, exchange.options()), null);
	}

	private static Operation operation(RecordedExchange exchange) {
		for (Operation operation : Operation.values()) {
			String method = (operation == Operation.REPORT) ? "POST" : "GET";
			if (exchange.path().equals(operation.path()) && exchange.method().equals(method)) {
				return operation;
			}
		}
		throw new IllegalArgumentException("another path");
	}

	private static ServiceCredentials service(Map<String, String> parameters) {
		String id = parameters.remove("service_id");
		String token = parameters.remove("service_token");
		String key = parameters.remove("provider_key");
		check(token == null || key == null, "two kinds of service credentials");
		return (key != null) ? ServiceCredentials.providerKey(key, id) : ServiceCredentials.serviceToken(id, token);
	}

	private static ApplicationCredentials application(Operation operation, Map<String, String> parameters) {
		String userKey = parameters.remove("user_key");
		String appId = parameters.remove("app_id");
		String appKey = parameters.remove("app_key");
		check(userKey == null || appId == null, "two kinds of credentials");
		if (userKey != null) {
			check(appKey == null && !operation.name().startsWith("OAUTH"), "a user key where it does not belong");
			return ApplicationCredentials.userKey(userKey);
		}
		return operation.name().startsWith("OAUTH") ? new ApplicationCredentials.OAuthClient(appId, appKey)
				: ApplicationCredentials.appId(appId, appKey);
	}

	private static AuthorizationRequest authorization(Operation operation, Map<String, String> parameters,
			List<Form.Pair> options) {
		AuthorizationRequest request = AuthorizationRequest.of(application(operation, parameters),
				usage(parameters, USAGE));
		request = request.withReferrer(parameters.remove("referrer"));
		String redirectUri = parameters.remove("redirect_uri");
		request = (redirectUri != null) ? request.withRedirectUri(redirectUri) : request;
		String code = parameters.remove("log[code]");
		request = (code != null) ? request.withResponseCode(Integer.parseInt(code)) : request;
		for (Map.Entry<String, String> other : parameters.entrySet()) {
			check(!other.getKey().equals("user_id") && !other.getKey().equals("access_token"), "a removed parameter");
			request = request.withParameter(other.getKey(), other.getValue());
		}
		return request.with(extensions(options));
	}

	private static Extension[] extensions(List<Form.Pair> options) {
		List<Extension> extensions = new ArrayList<>();
		for (Form.Pair option : options) {
			check(option.value().equals("1"), "an option that is not switched on");
			if (!option.name().equals("rejection_reason_header")) {
				extensions.add(Extension.valueOf(option.name().toUpperCase()));
			}
		}
		return extensions.toArray(Extension[]::new);
	}

	private static Usage usage(Map<String, String> parameters, Pattern pattern) {
		Usage usage = Usage.NONE;
		for (String name : List.copyOf(parameters.keySet())) {
			Matcher matcher = pattern.matcher(name);
			if (matcher.matches()) {
				String value = parameters.remove(name);
				String metric = matcher.group(1);
				check(value.matches("#?(0|[1-9][0-9]*)"), "a strange amount");
				usage = value.startsWith("#") ? usage.andSet(metric, Long.parseLong(value.substring(1)))
						: usage.and(metric, Long.parseLong(value));
			}
		}
		return usage;
	}

	private static ReportRequest report(Map<String, String> parameters, List<Form.Pair> options) {
		Map<Integer, Map<String, String>> transactions = new TreeMap<>();
		for (Map.Entry<String, String> parameter : parameters.entrySet()) {
			Matcher matcher = TRANSACTION.matcher(parameter.getKey());
			check(matcher.matches(), "a strange transaction");
			String name = (matcher.group(3) != null) ? matcher.group(2) + "[" + matcher.group(3) + "]"
					: matcher.group(2);
			transactions.computeIfAbsent(Integer.valueOf(matcher.group(1)), (index) -> new LinkedHashMap<>())
				.put(name, parameter.getValue());
		}
		check(!transactions.isEmpty(), "no transaction");
		check(List.copyOf(transactions.keySet()).get(transactions.size() - 1) == transactions.size() - 1, "a gap");
		check(options.isEmpty() || options.equals(List.of(new Form.Pair("flat_usage", "1"))), "a useless option");
		return new ReportRequest(transactions.values().stream().map(RecordedCall::transaction).toList(),
				!options.isEmpty());
	}

	private static Transaction transaction(Map<String, String> parameters) {
		Transaction transaction = Transaction.of(application(Operation.REPORT, parameters), usage(parameters, USAGE));
		String timestamp = parameters.remove("timestamp");
		if (timestamp != null) {
			check(timestamp.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"), "another form of a time");
			transaction = transaction.at(Instant.parse(timestamp.replace(' ', 'T') + "Z"));
		}
		String code = parameters.remove("log[code]");
		transaction = (code != null) ? transaction.withResponseCode(Integer.parseInt(code)) : transaction;
		check(parameters.isEmpty(), "a transaction with more");
		return transaction;
	}

	private static void check(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalArgumentException("Our client never sends " + otherwise);
		}
	}

	ThreeScaleClientBuilder client(String baseUrl) {
		return ThreeScaleClient.builder(this.service)
			.baseUrl(URI.create(baseUrl))
			.connection(Patience.SETTINGS)
			.oauthEndpoints(this.operation.name().startsWith("OAUTH"));
	}

	/**
	 * Make the call.
	 * @return the authorization, or {@code null} after a report
	 */
	Object make(ThreeScaleClient client) {
		switch (this.operation) {
			case AUTHORIZE, OAUTH_AUTHORIZE -> {
				return client.authorize(this.authorization);
			}
			case AUTHREP, OAUTH_AUTHREP -> {
				return client.authRep(this.authorization);
			}
			default -> {
				client.report(this.report);
				return null;
			}
		}
	}

}
