package io.threescale.spring.metering.verification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.metering.InvalidMeteringException;
import io.threescale.spring.metering.MeteredCallArgument;
import io.threescale.spring.metering.rules.MappingRule;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

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

	private final MeteringInventory inventory;

	private final AnnotatedBeans annotatedBeans;

	/**
	 * Create a verifier.
	 * @param inventory lists what is metered
	 * @param annotatedBeans finds annotations on beans
	 */
	public MeteringVerifier(MeteringInventory inventory, AnnotatedBeans annotatedBeans) {
		this.inventory = inventory;
		this.annotatedBeans = annotatedBeans;
	}

	/**
	 * What was found.
	 *
	 * @param ineffective annotations and arguments without effect, each as a sentence
	 * @param idleRules the names of rules that no handler meets. What APIcast has as one
	 * rule may be several here, of one name
	 * @param outside calls that rules match and cannot meter, each as a sentence
	 * @param rules the number of rules
	 * @param metered the number of controller methods that are metered, by annotation or
	 * by a rule
	 * @param unmetered the number of those that are not
	 */
	public record Findings(List<String> ineffective, List<String> idleRules, List<String> outside, int rules,
			int metered, int unmetered) {
	}

	/**
	 * Verify what is declared.
	 * @return what was found
	 * @throws InvalidMeteringException if the metering of a handler makes no sense
	 */
	public Findings verify() {
		List<HandlerMetering> handlers = this.inventory.handlers();
		List<HandlerMetering> methods = handlers.stream()
			.filter((metering) -> metering.handler().method() != null)
			.toList();
		methods.forEach(MeteringVerifier::logOverruled);
		List<String> ineffective = methods.stream()
			.filter((metering) -> !metering.isMetered())
			.flatMap(MeteringVerifier::emptyArguments)
			.collect(Collectors.toCollection(ArrayList::new));
		ineffective.addAll(this.annotatedBeans.unread(handlers.stream().map(HandlerMetering::handler).toList()));
		Map<String, Boolean> rules = new LinkedHashMap<>();
		this.inventory.rules()
			.forEach((rule) -> rules.merge(rule.name(),
					handlers.stream().anyMatch((metering) -> metering.meeting().contains(rule)), Boolean::logicalOr));
		List<String> idle = rules.entrySet()
			.stream()
			.filter((rule) -> !rule.getValue())
			.map(Map.Entry::getKey)
			.toList();
		return new Findings(ineffective.stream().distinct().toList(), idle, outside(), rules.size(),
				(int) methods.stream().filter(HandlerMetering::isMetered).count(),
				(int) methods.stream()
					.filter((metering) -> !metering.isMetered() && metering.isOfApplication())
					.count());
	}

	/**
	 * List the metrics that are named by annotations, of handlers and of other methods,
	 * and by rules.
	 * @return what is declared, in the order of the rules
	 */
	public List<DeclaredUsage> usages() {
		return Stream.concat(this.inventory.usages(), this.annotatedBeans.usages(this.inventory)).distinct().toList();
	}

	private List<String> outside() {
		return this.inventory.outside()
			.map((metering) -> "Calls of " + metering.name() + " are not metered, though mapping rule "
					+ metering.rules()
						.stream()
						.map(MappingRule::name)
						.distinct()
						.collect(Collectors.joining("', '", "'", "'"))
					+ " matches them: a servlet serves them that is none of Spring MVC's.")
			.distinct()
			.sorted()
			.toList();
	}

	private static void logOverruled(HandlerMetering metering) {
		if (logger.isDebugEnabled() && !metering.meeting().isEmpty() && metering.rules().isEmpty()) {
			logger.debug(Objects.requireNonNull(metering.handler().method()).getShortLogMessage()
					+ " goes by its annotations, not by "
					+ String.join(", ", metering.meeting().stream().map(MappingRule::name).distinct().toList()));
		}
	}

	private static Stream<String> emptyArguments(HandlerMetering metering) {
		return takenArguments(Objects.requireNonNull(metering.handler().method()))
			.map((type) -> "Argument " + type + " of " + metering.name()
					+ " is empty: the method is metered neither by @ThreeScaleMetered nor by a rule.");
	}

	private static Stream<String> takenArguments(HandlerMethod method) {
		return Stream.of(method.getMethodParameters())
			.map(MethodParameter::getParameterType)
			.filter(MeteredCallArgument::supports)
			.map(Class::getSimpleName);
	}

}
