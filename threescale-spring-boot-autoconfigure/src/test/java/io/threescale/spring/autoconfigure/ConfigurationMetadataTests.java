package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor shows of our properties.
 */
class ConfigurationMetadataTests {

	@Test
	void shouldDescribeEveryProperty() throws IOException {
		List<Map<String, String>> properties = properties();
		assertThat(properties).extracting((property) -> property.get("name"))
			.contains("threescale.enabled", "threescale.url", "threescale.service-id", "threescale.service-token",
					"threescale.provider-key", "threescale.oauth-endpoints", "threescale.failure-policy",
					"threescale.forward-referrer", "threescale.rate-limit-headers",
					"threescale.connection.connect-timeout", "threescale.connection.response-timeout",
					"threescale.connection.total-timeout", "threescale.connection.max-connections",
					"threescale.connection.max-waiting", "threescale.connection.max-life-time",
					"threescale.connection.proxy", "threescale.connection.ssl.bundle", "threescale.credentials.kind",
					"threescale.credentials.sources", "threescale.credentials.header.user-key",
					"threescale.credentials.query.app-id", "threescale.credentials.cookie.app-key");
		assertThat(properties).allSatisfy(
				(property) -> assertThat(property.get("description")).as("description of %s", property.get("name"))
					.isNotBlank()
					.endsWith(".")
					.doesNotStartWith("The "));
	}

	@Test
	void shouldNameWhatTheVerifierKnows() throws IOException {
		assertThat(PropertyNames.ALL.stream()
			.flatMap(PropertyNames::list)
			.map((name) -> name.replaceFirst("(\\[]|\\.\\*).*", ""))
			.distinct()).containsExactlyInAnyOrderElementsOf(
					properties().stream().map((property) -> property.get("name")).toList());
	}

	@Test
	void shouldStandInTheReadme() throws IOException {
		String readme = Files.readString(Path.of("../README.md")).split("### Properties")[1].split("### ")[0];
		assertThat(properties()).allSatisfy((property) -> assertThat(readme)
			.containsPattern("\\| `" + property.get("name") + "` \\| .*" + Pattern.quote(property.get("description"))));
		assertThat(Pattern.compile("\\| `(threescale\\.[a-z.-]+)` \\|")
			.matcher(readme)
			.results()
			.map((row) -> row.group(1))).containsExactlyInAnyOrderElementsOf(
					properties().stream().map((property) -> property.get("name")).toList());
	}

	private static List<Map<String, String>> properties() throws IOException {
		return JsonPath.read(new PathMatchingResourcePatternResolver()
			.getResource("file:target/classes/META-INF/spring-configuration-metadata.json")
			.getContentAsString(StandardCharsets.UTF_8), "$.properties[?(@.name =~ /threescale.*/)]");
	}

}
