package io.threescale.spring.client;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.Kind;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ServiceCredentials.ProviderKey;
import io.threescale.spring.ServiceCredentials.ServiceToken;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * The parameters of one request, encoded as they are added: every name and value in full,
 * and none that is empty, as 3scale takes an empty parameter for one that was given
 * ({@code protocol.md} 2.1, 7).
 */
final class Parameters {

	private static final Set<String> RESERVED = Set.of("service_token", "service_id", "provider_key", "user_key",
			"app_id", "app_key", "referrer", "redirect_uri", "usage", "log", "transactions", "no_body");

	/** The one form that old and new versions of the backend read alike. */
	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")
		.withZone(ZoneOffset.UTC);

	private final StringBuilder encoded = new StringBuilder(160);

	private int count;

	static void requireUnreserved(Collection<String> names) {
		for (String name : names) {
			if (RESERVED.contains(name.replaceFirst("(?s)\\[.*", ""))) {
				throw new IllegalArgumentException("Parameter '" + name + "' has a place of its own");
			}
		}
	}

	Parameters service(ServiceCredentials service) {
		if (service instanceof ServiceToken token) {
			add("service_token", token.token());
		}
		else if (service instanceof ProviderKey provider) {
			add("provider_key", provider.key());
		}
		return add("service_id", service.serviceId());
	}

	Parameters request(AuthorizationRequest request) {
		application("", request.application());
		add("app_key", request.application().appKey());
		usage("usage", request.usage());
		add("referrer", request.referrer());
		add("redirect_uri", request.redirectUri());
		responseCode("log", request.responseCode());
		request.parameters().forEach(this::add);
		return this;
	}

	Parameters transaction(int index, Transaction transaction) {
		String prefix = "transactions[" + index + "]";
		application(prefix, transaction.application());
		usage(prefix + "[usage]", transaction.usage());
		if (transaction.timestamp() != null) {
			add(prefix + "[timestamp]", TIMESTAMP.format(transaction.timestamp()));
		}
		return responseCode(prefix + "[log]", transaction.responseCode());
	}

	private void application(String prefix, ApplicationCredentials application) {
		String name = (application.kind() == Kind.USER_KEY) ? "user_key" : "app_id";
		add(within(prefix, name), application.value());
	}

	private void usage(String name, Usage usage) {
		for (Map.Entry<String, Long> increment : usage.increments().entrySet()) {
			add(within(name, increment.getKey()), increment.getValue().toString());
		}
		for (Map.Entry<String, Long> value : usage.values().entrySet()) {
			add(within(name, value.getKey()), "#" + value.getValue());
		}
	}

	private Parameters responseCode(String name, @Nullable Integer responseCode) {
		return (responseCode != null) ? add(within(name, "code"), responseCode.toString()) : this;
	}

	private static String within(String prefix, String name) {
		return prefix.isEmpty() ? name : prefix + "[" + name + "]";
	}

	private Parameters add(String name, @Nullable String value) {
		if (value != null && !value.isEmpty()) {
			if (this.count++ > 0) {
				this.encoded.append('&');
			}
			this.encoded.append(encode(name)).append('=').append(encode(value));
		}
		return this;
	}

	void append(Parameters others) {
		this.encoded.append('&').append(others.encoded);
		this.count += others.count;
	}

	/**
	 * Most names and values need no encoding, and looking is cheaper than rewriting.
	 */
	private static String encode(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (!isUnreserved(text.charAt(i))) {
				return UriUtils.encode(text, StandardCharsets.UTF_8);
			}
		}
		return text;
	}

	private static boolean isUnreserved(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
				|| c == '_' || c == '~';
	}

	/**
	 * Return how many parameters there are, of which 3scale limits the number.
	 */
	int count() {
		return this.count;
	}

	int length() {
		return this.encoded.length();
	}

	String encoded() {
		return this.encoded.toString();
	}

}
