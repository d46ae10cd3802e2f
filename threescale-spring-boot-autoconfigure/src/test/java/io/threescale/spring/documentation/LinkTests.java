package io.threescale.spring.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the pages lead.
 */
class LinkTests {

	private static final List<String> BESIDE = List.of("CHANGELOG.md", "CODE_OF_CONDUCT.md", "SECURITY.md",
			"samples/observability/README.md", "threescale-spring-boot-autoconfigure/src/benchmark/README.md");

	private static final Pattern SECTIONS = Pattern
		.compile("protocol\\.md}?[\\s*]+(?:section )?(\\d[.\\d]*(?:,[\\s*]+\\d[.\\d]*)*)");

	private static final Pattern HEADING = Pattern.compile("(?m)^##+ (\\d[.\\d]*?)\\.? ");

	@Test
	void shouldLeadSomewhere() {
		List<String> broken = new ArrayList<>();
		List<Page> pages = new ArrayList<>(Page.all());
		BESIDE.forEach((page) -> pages.add(Page.read(Page.ROOT.resolve(page))));
		for (Page page : pages) {
			for (String link : page.links()) {
				String path = StringUtils.split(link + "#", "#")[0];
				String anchor = link.substring(Math.min(path.length() + 1, link.length()));
				Path target = path.isEmpty() ? page.path() : page.path().resolveSibling(path).normalize();
				if (!Files.exists(target) || !anchor.isEmpty() && !Page.read(target).anchors().contains(anchor)) {
					broken.add(page + ": " + link);
				}
			}
		}
		assertThat(broken).isEmpty();
	}

	@Test
	void shouldBeFoundFromTheReadme() {
		String readme = Page.read(Page.ROOT.resolve("README.md")).text();
		assertThat(Page.all()).filteredOn((page) -> page.path().toString().contains("docs"))
			.allSatisfy((page) -> assertThat(readme).contains("docs/" + page + ")"));
	}

	/** Javadoc names sections of a page that is not part of it. */
	@Test
	void shouldHaveTheSectionsThatJavadocNames() throws IOException {
		Set<String> sections = HEADING.matcher(Page.named("protocol.md").text())
			.results()
			.map((heading) -> heading.group(1))
			.collect(Collectors.toSet());
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			assertThat(sources.filter((file) -> file.toString().endsWith(".java"))
				.flatMap((file) -> SECTIONS.matcher(Page.read(file).text()).results())
				.flatMap((named) -> Stream.of(named.group(1).split("[,\\s*]+")))
				.map((section) -> section.replaceFirst("\\.$", ""))).hasSizeGreaterThan(25).isSubsetOf(sections);
		}
	}

}
