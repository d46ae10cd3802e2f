package io.threescale.spring.documentation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages show to be copied.
 */
class SnippetTests {

	private static final List<String> LANGUAGES = List.of("java", "kotlin", "gradle", "yaml", "properties", "xml",
			"shell", "json", "text", "python");

	private static final Pattern DEPENDENCY = Pattern
		.compile("<groupId>(.*?)</groupId>\\s*<artifactId>(.*?)</artifactId>(?:\\s*<version>(.*?)</version>)?");

	private static final Pattern COORDINATES = Pattern.compile("\"([\\w.]+):([\\w-]+)(?::([\\w.-]+))?\"");

	@Test
	void shouldNameTheLanguage() {
		assertThat(Page.all()).allSatisfy((page) -> assertThat(page.blocks()).as(page.toString())
			.allSatisfy((block) -> assertThat(LANGUAGES).as(block.toString()).contains(block.language())));
	}

	@Test
	void shouldCompile(@TempDir Path classes) {
		assertThat(SnippetCompiler.compile(Page.blocks("java"), classes)).isEmpty();
	}

	@Test
	void shouldCompileKotlin() throws IOException {
		List<String> compiled = new ArrayList<>();
		try (DirectoryStream<Path> files = Files
			.newDirectoryStream(Path.of("src/test/kotlin/io/threescale/spring/documentation"))) {
			for (Path file : files) {
				compiled.add(Files.readString(file));
			}
		}
		assertThat(Page.blocks("kotlin")).hasSameSizeAs(compiled)
			.allSatisfy((block) -> assertThat(compiled).anyMatch((file) -> file.endsWith(block.text())));
	}

	@Test
	void shouldNameDependenciesOfTheBuild() {
		String poms = Stream
			.of("", "threescale-spring-boot-autoconfigure/", "threescale-spring-boot-starter/", "samples/quickstart/")
			.map((module) -> Page.read(Page.ROOT.resolve(module + "pom.xml")).text())
			.collect(Collectors.joining());
		Stream<MatchResult> dependencies = Stream.concat(
				Page.blocks("xml").stream().flatMap((block) -> DEPENDENCY.matcher(block.text()).results()),
				Page.blocks("gradle").stream().flatMap((block) -> COORDINATES.matcher(block.text()).results()));
		assertThat(dependencies).hasSizeGreaterThan(5).allSatisfy((dependency) -> {
			assertThat(poms).satisfiesAnyOf((all) -> assertThat(all).contains(">" + dependency.group(2) + "<"),
					(all) -> assertThat(dependency.group(1)).isEqualTo("org.springframework.boot"));
			assertThat(poms).satisfiesAnyOf((all) -> assertThat(all).contains(">" + dependency.group(3) + "<"),
					(all) -> assertThat(dependency.group(3)).isNull());
		});
	}

	/** What is not tried here: Maven is what runs this, and what ends the process. */
	@Test
	void shouldShowNoOtherCommands() {
		assertThat(Page.blocks("shell")).flatExtracting((block) -> block.text().lines().toList())
			.allMatch((line) -> line.startsWith("curl -") || line.startsWith("mvn "));
	}

}
