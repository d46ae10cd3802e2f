package io.threescale.spring.metering.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.MeteredOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.UrlResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Configurations of APIcast.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApicastConfigurationTests {

	private static final String HITS = """
			{"http_method": "GET", "pattern": "/", "metric_system_name": "hits", "delta": 1}""";

	private static final String RULES = """
			{"id": 7, "http_method": "GET", "pattern": "/", "metric_id": 3, "metric_system_name": "hits", "delta": 1,
			 "tenant_id": 2, "redirect_url": null, "position": 1, "last": false, "owner_type": "Proxy",
			 "parameters": [], "querystring_parameters": {}},
			{"http_method": "GET", "pattern": "/i_dont_match", "metric_system_name": "hits", "delta": 100,
			 "position": 2, "last": true},
			{"http_method": "ANY", "pattern": "/abc/?size={size}&speed=2x", "metric_system_name": "encodings",
			 "delta": 2, "position": 3, "last": true, "querystring_parameters": {"size": "{size}", "speed": "2x"}},
			{"http_method": "GET", "pattern": "/abc/def", "metric_system_name": "hits", "delta": 10, "position": 4},
			{"http_method": "GET", "pattern": "/asked$", "metric_system_name": "asked", "last": true}""";

	@ParameterizedTest
	@ValueSource(strings = { """
			{"services": [{"id": 1001, "backend_version": "1", "proxy": {"hosts": ["a"], "proxy_rules": [%s]}}]}""", """
			{"proxy_config": {"id": 4, "version": 2, "environment": "production", "content":
			 {"id": 1001, "proxy": {"proxy_rules": [%s]}}}}""",
			"""
					{"proxy_configs": [{"proxy_config": {"id": 4, "content": {"id": 1001, "proxy": {"proxy_rules": [%s]}}}}]}""" })
	void theRulesAreReadInTheirOrder(String file) {
		MappingRules rules = new MappingRules(configuration(file.formatted(RULES)).rules("1001"));
		assertThat(usage(rules, HttpMethod.GET, "/abc/def?speed=3x&size=1")).isEqualTo(Usage.of("hits", 11));
		assertThat(usage(rules, HttpMethod.GET, "/abc/def?speed=2x&size=1"))
			.isEqualTo(Usage.of("hits").and("encodings", 2));
		assertThat(usage(rules, HttpMethod.POST, "/abc/?speed=2x&size=1")).isEqualTo(Usage.of("encodings", 2));
		assertThat(usage(rules, HttpMethod.POST, "/abc?speed=2x&size=1")).isEqualTo(Usage.NONE);
		assertThat(usage(rules, HttpMethod.GET, "/asked")).isEqualTo(Usage.of("hits").and("asked", 0));
	}

	@Test
	void aRuleGoesByItsOwnPattern() {
		assertThat(configuration("""
				{"services": [{"proxy": {"proxy_rules": [{"http_method": "PUT", "pattern": "/a/{id}/",
				 "metric_system_name": "uploads", "delta": 5, "last": true}]}}]}""").rules(null))
			.allSatisfy((rule) -> assertThat(rule.chargeOn()).isEqualTo(ChargeOn.SUCCESS))
			.extracting(MappingRule::toString)
			.containsExactly("PUT /a/{id}/ uses {uploads=5}, last", "PUT /a/{id}/ uses {uploads=5}, last");
	}

	@Test
	void ofSeveralServicesOneIsChosen() {
		String file = """
				{"services": [
				 {"id": 16, "proxy": {"proxy_rules": [
				  {"http_method": "GET", "pattern": "/", "metric_system_name": "one", "delta": 1}]}},
				 {"id": "32", "proxy": {"proxy_rules": [
				  {"http_method": "GET", "pattern": "/", "metric_system_name": "two", "delta": 2}]}},
				 {"id": 48, "proxy": {}}, {"id": 64, "proxy": {}}, {"id": 64, "proxy": {}}]}""";
		assertThat(configuration(file).rules("16")).extracting(MappingRule::usage).containsExactly(Usage.of("one", 1));
		assertThat(configuration(file).rules("32")).extracting(MappingRule::usage).containsExactly(Usage.of("two", 2));
		assertThat(problem(file, "99")).endsWith("holds 5 services, and the one with ID '99' 0 times instead of once");
		assertThat(problem(file, "64")).endsWith("'64' 2 times instead of once");
		assertThat(problem(file, "48")).endsWith("has no mapping rules");
	}

	@Test
	void theOnlyServiceNeedsNoId() {
		assertThat(configuration("""
				{"services": [{"id": 16, "proxy": {"proxy_rules": [%s]}}]}""".formatted(HITS)).rules("99")).hasSize(1);
	}

	@Test
	void rulesForHeadAreLeftOut(CapturedOutput output) {
		assertThat(configuration("""
				{"services": [{"proxy": {"proxy_rules": [%s, {"http_method": "HEAD", "pattern": "/head",
				 "metric_system_name": "hits", "delta": 1}]}}]}""".formatted(HITS)).rules(null)).hasSize(1);
		assertThat(output).contains("WARN").contains("'HEAD /head' of Byte array resource [test] is left out");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"'http_method': 'GET', 'pattern': '/a*', 'metric_system_name': 'hits', 'delta': 1"
					+ "| 'GET /a*', which cannot be taken over: APIcast takes '*' for a part of a regular expression",
			"'http_method': 'GET', 'metric_system_name': 'hits' | 'GET ', which cannot be taken over: it does not begin with '/'",
			"'pattern': '/', 'metric_system_name': 'hits' | ' /', which cannot be taken over: it has no http_method",
			"'http_method': 'get', 'pattern': '/', 'metric_system_name': 'hits' | no call has its http_method",
			"'http_method': 'GET', 'pattern': '/', 'delta': 1 | Metric '' must be a system name",
			"'http_method': 'GET', 'pattern': '/', 'metric_system_name': 'hits', 'delta': 1.5 | its delta is not a whole number",
			"'http_method': 'GET', 'pattern': '/', 'metric_system_name': 'hits', 'delta': 'x' | its delta is not a whole number",
			"'http_method': 'GET', 'pattern': '/', 'metric_system_name': 'hits', 'delta': -1 | must be between 0 and" })
	void aRuleThatMakesNoSenseIsRefused(String rule, String problem) {
		assertThat(
				problem("{\"services\": [{\"proxy\": {\"proxy_rules\": [{" + rule.replace('\'', '"') + "}]}}]}", null))
			.startsWith("APIcast configuration Byte array resource [test] has mapping rule ")
			.contains(problem);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "{} | neither 'services'", "[] | neither 'services'", "null | neither 'services'",
					"{'services': []} | neither 'services'", "{'services': [{'id': 1}]} | has no mapping rules",
					"{'services': [{'proxy': {'proxy_rules': []}}]} | has no mapping rules",
					"{'services': | is not JSON, from line 1, column", "'' x | is not JSON",
					"s3cret-token | is not JSON" })
	void aFileWithoutRulesIsRefused(String file, String problem) {
		assertThat(problem(file.replace('\'', '"'), "1")).contains(problem).doesNotContain("s3cret");
	}

	@Test
	void anEmptyFileIsRefused() {
		assertThat(problem("", null)).contains("neither 'services'");
	}

	@Test
	void aMissingFileIsRefused() {
		assertThat(problem(new ApicastConfiguration(new FileSystemResource("/nowhere/apicast.json"), ChargeOn.SUCCESS),
				null))
			.isEqualTo("APIcast configuration file [/nowhere/apicast.json] cannot be opened");
	}

	@Test
	void theQueryOfAnAddressIsNotShown() throws IOException {
		Resource resource = new UrlResource("http://user:s3cret@localhost:1/configs/latest.json?access_token=s3cret");
		assertThat(problem(new ApicastConfiguration(resource, ChargeOn.SUCCESS), null))
			.isEqualTo("APIcast configuration latest.json cannot be opened");
	}

	private static Usage usage(MappingRules rules, HttpMethod method, String target) {
		String[] parts = target.split("\\?");
		MeteredOperation operation = rules.match(method, PathContainer.parsePath(parts[0]),
				() -> (parts.length > 1) ? parts[1] : null);
		return (operation != null) ? operation.usage() : Usage.NONE;
	}

	private static String problem(String file, @Nullable String serviceId) {
		return problem(configuration(file), serviceId);
	}

	private static String problem(ApicastConfiguration configuration, @Nullable String serviceId) {
		return assertThatExceptionOfType(InvalidMappingRulesException.class)
			.isThrownBy(() -> configuration.rules(serviceId))
			.withNoCause()
			.actual()
			.getMessage();
	}

	private static ApicastConfiguration configuration(String file) {
		Resource resource = new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8), "test");
		return new ApicastConfiguration(resource, ChargeOn.SUCCESS);
	}

}
