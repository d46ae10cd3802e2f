package io.threescale.spring.metering.rules;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jetbrains.annotations.ApiStatus;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

/**
 * Leads all ways to write a path to one, so that nobody walks around a rule: Spring
 * serves static files under {@code //a} and {@code /./a} as under {@code /a}, and the
 * gateway that mapping rules were made for resolves {@code /b/../a} too.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class CanonicalPath {

	/** Most paths: nothing is encoded, and nothing to be resolved. */
	private static final Pattern PLAIN = Pattern.compile("(?:/[^/.%;\\\\][^/%;\\\\]*+)++/?+");

	/** What handlers take for a slash once it is decoded. */
	private static final Pattern SLASH = Pattern.compile("[/\\\\]");

	private CanonicalPath() {
	}

	/**
	 * Return how a path may be read. A handler decides by itself whether an encoded slash
	 * parts segments, so a path with one is read in both ways.
	 * @param path the path as it was written
	 * @return one or two paths in which nothing is left to be resolved
	 */
	public static List<PathContainer> readings(PathContainer path) {
		if (PLAIN.matcher(path.value()).matches()) {
			return List.of(path);
		}
		PathContainer written = resolved(path);
		return hasEncodedSlash(path) ? List.of(written, resolved(withSlashesDecoded(path))) : List.of(written);
	}

	/**
	 * Read the path of a static file as Spring's handlers of those do: an encoded slash
	 * is a slash, and one at the end means nothing.
	 * @param path the path as it was written
	 * @return the path of the file
	 */
	public static PathContainer ofFile(PathContainer path) {
		String file = resolved(withSlashesDecoded(path)).value();
		return PathContainer.parsePath(StringUtils.trimTrailingCharacter(file, '/'));
	}

	private static boolean hasEncodedSlash(PathContainer path) {
		return path.elements()
			.stream()
			.anyMatch((element) -> element instanceof PathSegment segment
					&& SLASH.matcher(segment.valueToMatch()).find());
	}

	private static PathContainer withSlashesDecoded(PathContainer path) {
		return PathContainer.parsePath(path.elements()
			.stream()
			.map((element) -> (element instanceof PathSegment segment) ? decoded(segment) : element.value())
			.collect(Collectors.joining()));
	}

	private static String decoded(PathSegment segment) {
		return Stream.of(SLASH.split(segment.valueToMatch(), -1))
			.map((part) -> UriUtils.encode(part, StandardCharsets.UTF_8))
			.collect(Collectors.joining("/"));
	}

	private static PathContainer resolved(PathContainer path) {
		Deque<String> segments = new ArrayDeque<>();
		boolean directory = true;
		for (PathContainer.Element element : path.elements()) {
			directory = true;
			if (element instanceof PathSegment segment) {
				switch (segment.valueToMatch()) {
					case ".":
						break;
					case "..":
						segments.pollLast();
						break;
					default:
						segments.add(segment.value());
						directory = false;
				}
			}
		}
		String resolved = "/" + String.join("/", segments) + ((directory && !segments.isEmpty()) ? "/" : "");
		return resolved.equals(path.value()) ? path : PathContainer.parsePath(resolved);
	}

}
