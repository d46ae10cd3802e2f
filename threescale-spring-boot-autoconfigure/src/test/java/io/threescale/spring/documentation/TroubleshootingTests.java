package io.threescale.spring.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log lines that users search for are those that the code writes.
 */
class TroubleshootingTests {

	private static final Pattern LINE = Pattern.compile("(?:ERROR|WARN |INFO |START) (.*)");

	private static final Pattern SAID = Pattern
		.compile("log(?:ger)?\\.(?:error|warn)\\((?:\"[^\"]*\",\\s*\\(\\) -> )?\"([^\"]{15,}?)[\"']");

	/** Where a literal ends and the next begins. */
	private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

	private static final Path SOURCES = Path.of("src/main/java");

	@Test
	void shouldQuoteWhatIsLogged() {
		String sources = sources();
		List<String> lines = Page.named("troubleshooting.md")
			.blocks()
			.stream()
			.filter((block) -> block.language().equals("text"))
			.flatMap((block) -> block.text().lines())
			.toList();
		assertThat(lines).hasSizeGreaterThan(40).allMatch((line) -> LINE.matcher(line).matches());
		assertThat(lines.stream()
			.flatMap((line) -> fragments(LINE.matcher(line).replaceFirst("$1")))
			.filter((fragment) -> !isMade(fragment, sources, 2))).isEmpty();
	}

	@Test
	void shouldExplainAllWarningsAndErrors() {
		String page = Page.named("troubleshooting.md").text();
		assertThat(SAID.matcher(sources()).results().map((said) -> said.group(1).strip())).hasSizeGreaterThan(10)
			.allMatch(page::contains);
	}

	/** Of literals that stand elsewhere in the code, or that are chosen between. */
	private static boolean isMade(String fragment, String sources, int joints) {
		return sources.contains(fragment) || joints > 0 && IntStream.range(1, fragment.length())
			.filter((i) -> fragment.charAt(i) == ' ')
			.anyMatch((i) -> sources.contains(fragment.substring(0, i) + "\"")
					&& isMade(fragment.substring(i), sources, joints - 1)
					|| sources.contains(fragment.substring(0, i) + " \"")
							&& isMade(fragment.substring(i + 1), sources, joints - 1));
	}

	private static Stream<String> fragments(String line) {
		return Arrays.stream(line.split("…|\\b\\d+\\b|\\bother\\b|STRICT|DENY"))
			.map((fragment) -> fragment.replaceAll("^[ '.]+|[ '.:]+$", ""))
			.filter((fragment) -> fragment.length() > 3);
	}

	private static String sources() {
		try (Stream<Path> files = Files.walk(SOURCES)) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.map((file) -> JOINT.matcher(read(file)).replaceAll(""))
				.collect(Collectors.joining());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
