package io.threescale.spring.metering.verification;

import java.util.List;
import java.util.stream.Stream;

import io.threescale.spring.metering.MeteredMethods.Declaration;
import io.threescale.spring.metering.rules.MappingRule;

import org.springframework.web.method.HandlerMethod;

/**
 * How a handler is metered.
 *
 * @param handler the handler
 * @param declaration what its annotations say
 * @param meeting the rules that calls of it may meet; they count if its annotations say
 * nothing
 * @param other whether something else than annotations and rules tells what calls use
 * @since 0.1.0
 */
public record HandlerMetering(ServedHandler handler, Declaration declaration, List<MappingRule> meeting,
		boolean other) {

	/**
	 * Tell whether calls are metered, or some of them.
	 * @return whether they are
	 */
	public boolean isMetered() {
		return this.declaration.isExplicit() ? this.declaration.operation() != null
				: (this.other || !this.meeting.isEmpty());
	}

	/**
	 * Return the rules that count.
	 * @return those that calls may meet, none if there are annotations
	 */
	public List<MappingRule> rules() {
		return this.declaration.isExplicit() ? List.of() : this.meeting;
	}

	/**
	 * Tell whether this is a controller method of the application, and not of Spring.
	 * @return whether it is
	 */
	public boolean isOfApplication() {
		HandlerMethod method = this.handler.method();
		return method != null && !method.getBeanType().getName().startsWith("org.springframework.");
	}

	/**
	 * Return the name of the handler.
	 * @return class and method, or the paths if it is no controller method
	 */
	public String name() {
		HandlerMethod method = this.handler.method();
		return (method != null) ? AnnotatedBeans.name(method.getBeanType(), method.getMethod())
				: String.join(", ", this.handler.patterns());
	}

	/**
	 * Return which calls it serves.
	 * @return methods, if not all, and paths
	 */
	public List<String> calls() {
		return this.handler.patterns()
			.stream()
			.flatMap((path) -> this.handler.methods().isEmpty() ? Stream.of(path)
					: this.handler.methods().stream().map((method) -> method + " " + path))
			.sorted()
			.toList();
	}

}
