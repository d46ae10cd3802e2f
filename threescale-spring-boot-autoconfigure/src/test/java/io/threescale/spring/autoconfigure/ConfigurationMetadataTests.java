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

	private static final Path PAGE = Path.of("../threescale-spring-boot-starter/docs/properties.md");

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
	void shouldDescribeEveryGroup() throws IOException {
		assertThat(items("groups")).isNotEmpty()
			.allSatisfy((group) -> assertThat(group.get("description")).as("description of %s", group.get("type"))
				.endsWith("."));
	}

	@Test
	void shouldHintAtValuesOfPropertiesThatAreText() throws IOException {
		assertThat(items("hints")).extracting((hint) -> hint.get("name"))
			.contains("threescale.charge-on", "threescale.credentials.claim");
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
	void shouldStandInTheDocuments() throws IOException {
		String page = Files.readString(PAGE).split("## The elements")[0];
		assertThat(properties()).allSatisfy((property) -> assertThat(page)
			.containsPattern("\\| `" + property.get("name") + "` \\| .*" + Pattern.quote(property.get("description"))));
		assertThat(names(page)).isSorted()
			.containsExactlyInAnyOrderElementsOf(
					properties().stream().map((property) -> property.get("name")).toList());
	}

	/** The metadata does not know them. */
	@Test
	void shouldDocumentTheElementsOfListsAndMaps() throws IOException {
		String page = Files.readString(PAGE).split("## The elements")[1];
		assertThat(names(page)).isSorted()
			.containsExactlyInAnyOrderElementsOf(PropertyNames.ALL.stream()
				.flatMap(PropertyNames::list)
				.filter((name) -> name.contains("[]") || name.contains("*"))
				.map((name) -> name.replaceFirst("(services\\.\\*\\.credentials)\\..*", "$1"))
				.distinct()
				.toList());
	}

	private static List<String> names(String page) {
		return Pattern.compile("\\| `(threescale\\.[a-z.*\\[\\]-]+)` \\|")
			.matcher(page)
			.results()
			.map((row) -> row.group(1))
			.toList();
	}

	private static List<Map<String, String>> properties() throws IOException {
		return items("properties");
	}

	private static List<Map<String, String>> items(String kind) throws IOException {
		return JsonPath.read(new PathMatchingResourcePatternResolver()
			.getResource("file:target/classes/META-INF/spring-configuration-metadata.json")
			.getContentAsString(StandardCharsets.UTF_8), "$." + kind + "[?(@.name =~ /threescale.*/)]");
	}

}
