package io.threescale.spring.client;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.Form.Pair;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is sent: a backend that decodes it reads what was meant, and no parameter
 * more.
 */
public final class ParametersFuzzer {

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

	private ParametersFuzzer() {
	}

	/**
	 * Encode one request.
	 * @param data what it is made of
	 */
	public static void fuzzerTestOneInput(FuzzedDataProvider data) {
		List<Pair> meant = new ArrayList<>();
		Parameters parameters = new Parameters();
		try {
			ServiceCredentials service = ServiceCredentials.serviceToken(text(data), text(data));
			parameters.service(service);
			add(meant, "service_id", service.serviceId());
			add(meant, "service_token", ((ServiceCredentials.ServiceToken) service).token());
			if (data.consumeBoolean()) {
				AuthorizationRequest request = request(data);
				parameters.request(request);
				meant(meant, request);
			}
			else {
				for (int index = 0; index < 3; index++) {
					Transaction transaction = transaction(data);
					parameters.transaction(index, transaction);
					meant(meant, "transactions[" + index + "]", transaction);
				}
			}
		}
		catch (IllegalArgumentException ex) {
			return;
		}
		meant.sort(Comparator.comparing(Pair::name).thenComparing(Pair::value));
		if (!Form.parse(parameters.encoded()).equals(meant) || parameters.count() != meant.size()) {
			throw new AssertionError(parameters.encoded() + " is read as " + Form.parse(parameters.encoded())
					+ ", where this was meant: " + meant);
		}
	}

	private static AuthorizationRequest request(FuzzedDataProvider data) {
		AuthorizationRequest request = AuthorizationRequest.of(application(data), usage(data));
		for (int i = data.consumeInt(0, 3); i > 0; i--) {
			request = request.withParameter(text(data), text(data));
		}
		request = data.consumeBoolean() ? request.withReferrer(text(data)) : request;
		request = data.consumeBoolean() ? request.withRedirectUri(text(data)) : request;
		return data.consumeBoolean() ? request.withResponseCode(data.consumeInt()) : request;
	}

	private static Transaction transaction(FuzzedDataProvider data) {
		Transaction transaction = Transaction.of(application(data), usage(data));
		transaction = data.consumeBoolean()
				? transaction.at(Instant.ofEpochMilli(data.consumeLong(0, 4_102_444_800_000L))) : transaction;
		return data.consumeBoolean() ? transaction.withResponseCode(data.consumeInt()) : transaction;
	}

	private static ApplicationCredentials application(FuzzedDataProvider data) {
		return switch (data.consumeInt(0, 3)) {
			case 0 -> ApplicationCredentials.userKey(text(data));
			case 1 -> ApplicationCredentials.appId(text(data));
			case 2 -> ApplicationCredentials.oauthClient(text(data));
			default -> ApplicationCredentials.appId(text(data), text(data));
		};
	}

	private static Usage usage(FuzzedDataProvider data) {
		Usage usage = Usage.NONE;
		for (int i = data.consumeInt(0, 3); i > 0; i--) {
			long amount = data.consumeLong(0, Usage.MAX_AMOUNT);
			usage = data.consumeBoolean() ? usage.and(text(data), amount) : usage.andSet(text(data), amount);
		}
		return usage;
	}

	private static String text(FuzzedDataProvider data) {
		return data.consumeString(12);
	}

	private static void meant(List<Pair> meant, AuthorizationRequest request) {
		add(meant, name(request.application()), request.application().value());
		add(meant, "app_key", request.application().appKey());
		usage(meant, "usage", request.usage());
		add(meant, "referrer", request.referrer());
		add(meant, "redirect_uri", request.redirectUri());
		add(meant, "log[code]", request.responseCode());
		request.parameters().forEach((name, value) -> add(meant, name, value));
	}

	private static void meant(List<Pair> meant, String prefix, Transaction transaction) {
		add(meant, prefix + "[" + name(transaction.application()) + "]", transaction.application().value());
		usage(meant, prefix + "[usage]", transaction.usage());
		if (transaction.timestamp() != null) {
			add(meant, prefix + "[timestamp]", TIMESTAMP.format(transaction.timestamp().atOffset(ZoneOffset.UTC)));
		}
		add(meant, prefix + "[log][code]", transaction.responseCode());
	}

	private static String name(ApplicationCredentials application) {
		return (application instanceof ApplicationCredentials.UserKey) ? "user_key" : "app_id";
	}

	private static void usage(List<Pair> meant, String name, Usage usage) {
		usage.increments().forEach((metric, amount) -> add(meant, name + "[" + metric + "]", amount));
		usage.values().forEach((metric, value) -> add(meant, name + "[" + metric + "]", "#" + value));
	}

	/** An empty parameter is one that was given, to 3scale; so it is not sent. */
	private static void add(List<Pair> meant, String name, @Nullable Object value) {
		if (value != null && !value.equals("")) {
			meant.add(new Pair(name, Objects.toString(value)));
		}
	}

}
