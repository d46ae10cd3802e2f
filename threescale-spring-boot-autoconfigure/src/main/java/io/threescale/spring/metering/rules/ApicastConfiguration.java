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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
		JsonNode service = select(services(read()), serviceId);
		List<JsonNode> rules = service.path("proxy").path("proxy_rules").valueStream().toList();
		if (rules.isEmpty()) {
			throw invalid("has no mapping rules");
		}
		return rules.stream().flatMap(this::rule).toList();
	}

	private JsonNode read() {
		try (InputStream in = this.location.getInputStream()) {
			return JsonMapper.shared().readTree(in);
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
	private static List<JsonNode> services(JsonNode root) {
		Stream<JsonNode> configurations = Stream.concat(Stream.of(root), root.path("proxy_configs").valueStream())
			.map((node) -> node.path("proxy_config").path("content"))
			.filter(JsonNode::isObject);
		return Stream.concat(root.path("services").valueStream(), configurations).toList();
	}

	private JsonNode select(List<JsonNode> services, @Nullable String serviceId) {
		if (services.isEmpty()) {
			throw invalid("holds neither 'services' nor 'proxy_config' nor 'proxy_configs'");
		}
		if (services.size() == 1) {
			return services.get(0);
		}
		List<JsonNode> matching = services.stream().filter((service) -> id(service).equals(serviceId)).toList();
		if (matching.size() != 1) {
			throw invalid("holds " + services.size() + " services, and the one with ID '" + serviceId + "' "
					+ matching.size() + " times instead of once");
		}
		return matching.get(0);
	}

	private static String id(JsonNode service) {
		return service.path("id").asString("");
	}

	private Stream<MappingRule> rule(JsonNode rule) {
		String name = rule.path("http_method").asString("") + " " + rule.path("pattern").asString("");
		try {
			if (rule.path("http_method").asString("").equals(HttpMethod.HEAD.name())) {
				logger.warn("Mapping rule '" + name + "' of " + description()
						+ " is left out: a HEAD uses what the GET uses that it stands for");
				return Stream.empty();
			}
			HttpMethod method = method(rule);
			Usage usage = usage(rule);
			Map<String, String> query = query(rule);
			List<PathPattern> patterns = new ApicastPattern(rule.path("pattern").asString("")).translate();
			return patterns.stream()
				.map((pattern) -> new MappingRule(name, method, pattern, query, usage, this.chargeOn,
						rule.path("last").asBoolean(false), null));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("has mapping rule '" + name + "', which cannot be taken over: " + ex.getMessage());
		}
	}

	private static @Nullable HttpMethod method(JsonNode rule) {
		String method = rule.path("http_method").asString("");
		if (method.isEmpty()) {
			throw new IllegalArgumentException("it has no http_method");
		}
		if (!method.equals(method.toUpperCase(Locale.ROOT))) {
			throw new IllegalArgumentException("no call has its http_method, which is written in capitals");
		}
		return method.equals(ANY_METHOD) ? null : HttpMethod.valueOf(method);
	}

	private static Usage usage(JsonNode rule) {
		String metric = rule.path("metric_system_name").asString("");
		JsonNode delta = rule.path("delta");
		if (!delta.isMissingNode() && !delta.isNull() && !(delta.isIntegralNumber() && delta.canConvertToLong())) {
			throw new IllegalArgumentException("its delta is not a whole number");
		}
		return Usage.of(metric, delta.asLong(0));
	}

	private static Map<String, String> query(JsonNode rule) {
		Map<String, String> query = new HashMap<>();
		rule.path("querystring_parameters")
			.forEachEntry((parameter, value) -> query.put(parameter, value.asString("")));
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
