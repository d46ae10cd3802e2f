package io.threescale.spring.metering.rules;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.Enforcement;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.core.io.Resource;
import org.springframework.core.io.UrlResource;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.pattern.PathPattern;

/**
 * A proxy configuration as APIcast reads it and 3scale exports it. Its mapping rules are
 * taken over, in their order; all else is left.
 *
 * @param location where it is
 * @param chargeOn when calls are charged
 * @since 0.1.0
 */
public record ApicastConfiguration(Resource location, ChargeOn chargeOn) {

	private static final Log logger = LogFactory.getLog(ApicastConfiguration.class);

	private static final String ANY_METHOD = "ANY";

	/**
	 * Read the mapping rules of a service.
	 * @param serviceId the ID of the service, which is not asked for if there is just one
	 * @return the rules
	 * @throws InvalidMappingRulesException if they cannot be read, or one of them cannot
	 * be taken over
	 */
	public List<MappingRule> rules(@Nullable String serviceId) {
		JsonValue service = select(services(read()), serviceId);
		List<JsonValue> rules = service.get("proxy").get("proxy_rules").elements();
		if (rules.isEmpty()) {
			throw invalid("has no mapping rules");
		}
		return rules.stream().flatMap(this::rule).toList();
	}

	private JsonValue read() {
		try (InputStream in = this.location.getInputStream()) {
			return JsonValue.read(in);
		}
		catch (IOException ex) {
			throw invalid("cannot be opened");
		}
		catch (JacksonException ex) {
			throw invalid("is not JSON" + ((ex.getLocation() != null) ? ", from line " + ex.getLocation().getLineNr()
					+ ", column " + ex.getLocation().getColumnNr() + " on" : ""));
		}
	}

	/**
	 * Know a file of APIcast, a configuration of one service and a list of such.
	 */
	private static List<JsonValue> services(JsonValue root) {
		Stream<JsonValue> configurations = Stream.concat(Stream.of(root), root.get("proxy_configs").elements().stream())
			.map((holder) -> holder.get("proxy_config").get("content"))
			.filter(JsonValue::isObject);
		return Stream.concat(root.get("services").elements().stream(), configurations).toList();
	}

	private JsonValue select(List<JsonValue> services, @Nullable String serviceId) {
		if (services.isEmpty()) {
			throw invalid("holds neither 'services' nor 'proxy_config' nor 'proxy_configs'");
		}
		if (services.size() == 1) {
			return services.get(0);
		}
		List<JsonValue> matching = services.stream().filter((service) -> id(service).equals(serviceId)).toList();
		if (matching.size() != 1) {
			throw invalid("holds " + services.size() + " services, and the one with ID '" + serviceId + "' "
					+ matching.size() + " times instead of once");
		}
		return matching.get(0);
	}

	private static String id(JsonValue service) {
		return service.get("id").text();
	}

	private Stream<MappingRule> rule(JsonValue rule) {
		String name = rule.get("http_method").text() + " " + rule.get("pattern").text();
		try {
			if (rule.get("http_method").text().equals(HttpMethod.HEAD.name())) {
				logger.warn("Mapping rule '" + name + "' of " + description()
						+ " is left out: a HEAD uses what the GET uses that it stands for");
				return Stream.empty();
			}
			HttpMethod method = method(rule);
			Usage usage = usage(rule);
			Map<String, String> query = query(rule);
			List<PathPattern> patterns = new ApicastPattern(rule.get("pattern").text()).translate();
			return patterns.stream()
				.map((pattern) -> new MappingRule(name, method, pattern, query, usage, this.chargeOn,
						Boolean.parseBoolean(rule.get("last").text()), null, Enforcement.ENFORCE,
						"APIcast configuration " + description()));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("has mapping rule '" + name + "', which cannot be taken over: " + ex.getMessage());
		}
	}

	private static @Nullable HttpMethod method(JsonValue rule) {
		String method = rule.get("http_method").text();
		if (method.isEmpty()) {
			throw new IllegalArgumentException("it has no http_method");
		}
		if (!method.equals(method.toUpperCase(Locale.ROOT))) {
			throw new IllegalArgumentException("no call has its http_method, which is written in capitals");
		}
		return method.equals(ANY_METHOD) ? null : HttpMethod.valueOf(method);
	}

	private static Usage usage(JsonValue rule) {
		String metric = rule.get("metric_system_name").text();
		Object delta = rule.get("delta").value();
		if (delta != null && !(delta instanceof Integer || delta instanceof Long)) {
			throw new IllegalArgumentException("its delta is not a whole number");
		}
		return Usage.of(metric, (delta != null) ? ((Number) delta).longValue() : 0);
	}

	private static Map<String, String> query(JsonValue rule) {
		Map<String, String> query = new HashMap<>();
		rule.get("querystring_parameters").members().forEach((parameter, value) -> query.put(parameter, value.text()));
		return query;
	}

	private InvalidMappingRulesException invalid(String problem) {
		return new InvalidMappingRulesException("APIcast configuration " + description() + " " + problem);
	}

	/**
	 * Describe the location without the query of a URL: that of 3scale's export holds an
	 * access token.
	 */
	private @Nullable String description() {
		boolean remote = this.location instanceof UrlResource && !this.location.isFile();
		return remote ? this.location.getFilename() : this.location.getDescription();
	}

}
