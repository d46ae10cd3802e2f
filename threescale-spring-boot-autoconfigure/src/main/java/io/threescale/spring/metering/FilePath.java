package io.threescale.spring.metering;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.util.UriUtils;

/**
 * Reads paths as Spring's handlers of static files do: an encoded slash is a slash, and
 * one at the end means nothing. Rules for files have to see what is served.
 *
 * @since 0.1.0
 */
public final class FilePath {

	private FilePath() {
	}

	/**
	 * Read the path of a static file.
	 * @param path the path as it was written
	 * @return the path of the file
	 */
	public static PathContainer of(PathContainer path) {
		String decoded = path.elements()
			.stream()
			.map((element) -> (element instanceof PathSegment segment) ? segment.valueToMatch() : element.value())
			.collect(Collectors.joining());
		return PathContainer.parsePath(Stream.of(decoded.split("/"))
			.filter((segment) -> !segment.isEmpty())
			.map((segment) -> "/" + UriUtils.encodePathSegment(segment, StandardCharsets.UTF_8))
			.collect(Collectors.joining()));
	}

}
