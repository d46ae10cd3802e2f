package io.threescale.spring.metering.verification;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.threescale.spring.metering.rules.MappingRule;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;

/**
 * A handler, and the calls it may serve.
 *
 * @param patterns the patterns of paths, within the application
 * @param methods the HTTP methods, any if empty
 * @param exists whether there is something at a path without wildcards, or below it
 * @param method the controller method, or {@code null} if the handler is none
 * @since 0.1.0
 */
public record ServedHandler(List<String> patterns, Set<HttpMethod> methods, Predicate<String> exists,
		@Nullable HandlerMethod method) {

	public ServedHandler {
		patterns = List.copyOf(patterns);
		methods = Set.copyOf(methods);
	}

	/**
	 * Create the handler that a controller method is.
	 * @param patterns the patterns of paths
	 * @param methods the HTTP methods, any if empty
	 * @param method the controller method
	 * @return the handler
	 */
	public static ServedHandler of(Collection<String> patterns, Set<RequestMethod> methods, HandlerMethod method) {
		return new ServedHandler(List.copyOf(patterns),
				methods.stream().map(RequestMethod::asHttpMethod).collect(Collectors.toSet()), (path) -> true, method);
	}

	/**
	 * Create a handler that is no controller method.
	 * @param pattern the pattern of paths
	 * @return the handler
	 */
	public static ServedHandler of(String pattern) {
		return new ServedHandler(List.of(pattern), Set.of(), (path) -> true, null);
	}

	/**
	 * Create a handler that may serve any call, as what it serves cannot be told.
	 * @return the handler
	 */
	public static ServedHandler any() {
		return of("/**");
	}

	/**
	 * Create the handler of static files, which takes all paths that no other handler
	 * does, but has only some.
	 * @param locations where the files are
	 * @return the handler
	 */
	public static ServedHandler files(List<Resource> locations) {
		return new ServedHandler(List.of("/**"), Set.of(),
				(path) -> locations.stream().anyMatch((location) -> exists(location, path)), null);
	}

	private static boolean exists(Resource location, String path) {
		try {
			return location.createRelative(path).exists();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Tell whether there may be calls that a rule matches and this handler serves.
	 */
	boolean mayMeet(MappingRule rule) {
		PathOverlap path = new PathOverlap(rule.pattern().getPatternString());
		return servesMethodOf(rule) && this.patterns.stream().anyMatch(path::with)
				&& this.exists.test(path.withoutWildcards());
	}

	/** Whatever a handler serves, Spring answers OPTIONS for it. */
	private boolean servesMethodOf(MappingRule rule) {
		HttpMethod ruled = rule.method();
		return ruled == null || ruled.equals(HttpMethod.OPTIONS) || this.methods.isEmpty()
				|| this.methods.contains(ruled)
				|| (ruled.equals(HttpMethod.GET) && this.methods.contains(HttpMethod.HEAD));
	}

}
