package io.threescale.spring.metering.rules;

import java.util.ArrayDeque;
import java.util.Deque;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.PathSegment;

/**
 * Leads all ways to write a path to one, so that nobody walks around a rule: Spring
 * serves static files under {@code //a} and {@code /./a} as under {@code /a}, and the
 * gateway that mapping rules were made for resolves {@code /b/../a} too.
 */
final class CanonicalPath {

	private CanonicalPath() {
	}

	static PathContainer of(PathContainer path) {
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
		String canonical = "/" + String.join("/", segments) + ((directory && !segments.isEmpty()) ? "/" : "");
		return canonical.equals(path.value()) ? path : PathContainer.parsePath(canonical);
	}

}
