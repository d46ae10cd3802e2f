package io.threescale.spring.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document for users.
 *
 * @param path where it is
 * @param text what it says
 */
public record Page(Path path, String text) {

	/** The root of the project, as seen from a module. */
	static final Path ROOT = Path.of("..");

	private static final Path DOCS = ROOT.resolve("threescale-spring-boot-starter/docs");

	private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)$\n(.*?)^ *```$");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*?)$");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	/**
	 * Something that a page shows.
	 *
	 * @param page the page
	 * @param number the how many-th of the page
	 * @param language what stands behind the fence
	 * @param text what stands between the fences
	 */
	public record Block(Page page, int number, String language, String text) {

		@Override
		public String toString() {
			return this.page + ", block " + this.number + " (" + this.language + ")";
		}

	}

	/**
	 * Return all pages.
	 */
	public static List<Page> all() {
		try (Stream<Path> docs = Files.list(DOCS)) {
			return Stream.concat(Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve), docs.sorted())
				.filter((path) -> path.toString().endsWith(".md"))
				.map(Page::read)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a page of the documentation.
	 */
	public static Page named(String name) {
		return read(DOCS.resolve(name));
	}

	static Page read(Path path) {
		try {
			return new Page(path.normalize(), Files.readString(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what all pages show in a language.
	 */
	public static List<Block> blocks(String language) {
		return all().stream()
			.flatMap((page) -> page.blocks().stream())
			.filter((block) -> block.language().equals(language))
			.toList();
	}

	List<Block> blocks() {
		List<Block> blocks = new ArrayList<>();
		Matcher matcher = BLOCK.matcher(this.text);
		while (matcher.find()) {
			blocks.add(new Block(this, blocks.size() + 1, matcher.group(1), matcher.group(2)));
		}
		return blocks;
	}

	/**
	 * Return the first that the page shows in a language.
	 */
	public String block(String language) {
		return blocks().stream()
			.filter((block) -> block.language().equals(language))
			.findFirst()
			.map(Block::text)
			.orElseThrow();
	}

	/**
	 * Return the names of the headings in a link, as GitHub makes them.
	 */
	List<String> anchors() {
		Map<String, Integer> seen = new HashMap<>();
		return HEADING.matcher(prose()).results().map((heading) -> {
			String anchor = heading.group(1)
				.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-');
			int times = seen.merge(anchor, 1, Integer::sum);
			return (times == 1) ? anchor : anchor + "-" + (times - 1);
		}).toList();
	}

	/**
	 * Return where its links lead, those to the web left out.
	 */
	List<String> links() {
		return LINK.matcher(prose())
			.results()
			.map((link) -> link.group(1))
			.filter((link) -> !link.matches("[a-z]+:.*"))
			.toList();
	}

	private String prose() {
		return BLOCK.matcher(this.text).replaceAll("");
	}

	@Override
	public String toString() {
		return this.path.getFileName().toString();
	}

}
