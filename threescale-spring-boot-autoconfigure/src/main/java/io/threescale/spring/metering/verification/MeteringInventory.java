package io.threescale.spring.metering.verification;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredMethods.Declaration;
import io.threescale.spring.metering.rules.MappingRule;
import org.jspecify.annotations.Nullable;

import org.springframework.web.method.HandlerMethod;

/**
 * Lists what is metered, and how: by annotations and by rules.
 *
 * @since 0.1.0
 */
public final class MeteringInventory {

	private final MeteredMethods methods;

	private final @Nullable List<MappingRule> rules;

	private final Supplier<Stream<ServedHandlers>> served;

	/**
	 * Create an inventory.
	 * @param methods reads annotations
	 * @param rules the rules for calls no annotation speaks about, or {@code null} if
	 * something else tells what calls use
	 * @param served what the web stacks serve
	 */
	public MeteringInventory(MeteredMethods methods, @Nullable List<MappingRule> rules,
			Supplier<Stream<ServedHandlers>> served) {
		this.methods = methods;
		this.rules = rules;
		this.served = served;
	}

	/**
	 * List the handlers there are.
	 * @return the handlers, metered or not
	 * @throws io.threescale.spring.metering.InvalidMeteringException if the metering of
	 * one makes no sense
	 */
	public List<HandlerMetering> handlers() {
		return this.served.get().flatMap(ServedHandlers::stream).map(this::metering).toList();
	}

	/**
	 * List what rules match and nobody meters, as its calls never come to the web stack.
	 */
	Stream<HandlerMetering> outside() {
		return this.served.get()
			.flatMap(ServedHandlers::outside)
			.map(this::metering)
			.filter(HandlerMetering::isMetered);
	}

	private HandlerMetering metering(ServedHandler handler) {
		HandlerMethod method = handler.method();
		return new HandlerMetering(handler, (method != null) ? this.methods.of(method) : Declaration.NONE,
				rules().stream().filter(handler::mayMeet).toList(), this.rules == null && method != null);
	}

	/**
	 * List the metrics that annotations of handlers and rules name.
	 */
	Stream<DeclaredUsage> usages() {
		return Stream.concat(
				handlers().stream()
					.flatMap((metering) -> Stream.ofNullable(metering.declaration().operation())
						.map((operation) -> DeclaredUsage.of(metering.name(), operation))),
				rules().stream().map(DeclaredUsage::of));
	}

	/**
	 * Read what is declared about a method that is no handler.
	 */
	Declaration declaration(Class<?> type, Method method) {
		return this.methods.of(type, method);
	}

	/**
	 * List the rules.
	 * @return the rules in their order, none if they do not count
	 */
	public List<MappingRule> rules() {
		return (this.rules != null) ? this.rules : List.of();
	}

}
