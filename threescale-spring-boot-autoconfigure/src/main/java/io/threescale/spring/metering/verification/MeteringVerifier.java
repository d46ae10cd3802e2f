package io.threescale.spring.metering.verification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.metering.InvalidMeteringException;
import io.threescale.spring.metering.MeteredCallArgument;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredMethods.Declaration;
import io.threescale.spring.metering.rules.MappingRule;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;

/**
 * Finds what is declared about metering and has no effect. Nonsense fails here, and not
 * at the first call.
 *
 * @since 0.1.0
 */
public final class MeteringVerifier {

	private static final Log logger = LogFactory.getLog(MeteringVerifier.class);

	private final MeteredMethods methods;

	private final @Nullable List<MappingRule> rules;

	private final AnnotatedBeans annotatedBeans;

	/**
	 * Create a verifier.
	 * @param methods reads annotations
	 * @param rules the rules for calls no annotation speaks about, or {@code null} if
	 * something else tells what calls use
	 * @param annotatedBeans finds annotations on beans
	 */
	public MeteringVerifier(MeteredMethods methods, @Nullable List<MappingRule> rules, AnnotatedBeans annotatedBeans) {
		this.methods = methods;
		this.rules = rules;
		this.annotatedBeans = annotatedBeans;
	}

	/**
	 * What was found.
	 *
	 * @param ineffective annotations and arguments without effect, each as a sentence
	 * @param idleRules the names of rules that no handler meets. What APIcast has as one
	 * rule may be several here, of one name
	 * @param rules the number of rules
	 * @param metered the number of controller methods that are metered, by annotation or
	 * by a rule
	 * @param unmetered the number of those that are not
	 */
	public record Findings(List<String> ineffective, List<String> idleRules, int rules, int metered, int unmetered) {
	}

	/**
	 * Verify what is declared.
	 * @param handlers what the web stack serves
	 * @return what was found
	 * @throws InvalidMeteringException if the metering of a handler makes no sense
	 */
	public Findings verify(List<ServedHandler> handlers) {
		List<String> ineffective = new ArrayList<>();
		int metered = 0;
		int unmetered = 0;
		for (ServedHandler handler : handlers) {
			HandlerMethod method = handler.method();
			if (method == null) {
				continue;
			}
			if (isMetered(handler, method)) {
				metered++;
				continue;
			}
			unmetered += isOfApplication(method) ? 1 : 0;
			takenArguments(method)
				.map((type) -> "Argument " + type + " of "
						+ AnnotatedBeans.name(method.getBeanType(), method.getMethod())
						+ " is empty: the method is metered neither by @ThreeScaleMetered nor by a rule.")
				.forEach(ineffective::add);
		}
		ineffective.addAll(this.annotatedBeans.unread(handlers));
		Map<String, Boolean> rules = new LinkedHashMap<>();
		rules().forEach((rule) -> rules.merge(rule.name(),
				handlers.stream().anyMatch((handler) -> handler.mayMeet(rule)), Boolean::logicalOr));
		List<String> idle = rules.entrySet()
			.stream()
			.filter((rule) -> !rule.getValue())
			.map(Map.Entry::getKey)
			.toList();
		return new Findings(ineffective.stream().distinct().toList(), idle, rules.size(), metered, unmetered);
	}

	private boolean isMetered(ServedHandler handler, HandlerMethod method) {
		Declaration declaration = this.methods.of(method);
		List<MappingRule> meeting = rules().filter(handler::mayMeet).toList();
		if (declaration.isExplicit() && !meeting.isEmpty() && logger.isDebugEnabled()) {
			logger.debug(method.getShortLogMessage() + " goes by its annotations, not by "
					+ String.join(", ", meeting.stream().map(MappingRule::name).distinct().toList()));
		}
		return declaration.isExplicit() ? declaration.operation() != null : (this.rules == null || !meeting.isEmpty());
	}

	private Stream<MappingRule> rules() {
		return (this.rules != null) ? this.rules.stream() : Stream.empty();
	}

	private static boolean isOfApplication(HandlerMethod method) {
		return !method.getBeanType().getName().startsWith("org.springframework.");
	}

	private static Stream<String> takenArguments(HandlerMethod method) {
		return Stream.of(method.getMethodParameters())
			.map(MethodParameter::getParameterType)
			.filter(MeteredCallArgument::supports)
			.map(Class::getSimpleName);
	}

}
