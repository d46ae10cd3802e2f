package io.threescale.spring.metering.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.MeteredOperation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.util.ConcurrentLruCache;

/**
 * Rules in their order. All that match a call add up, until one that is the last. The
 * first that matches names the service, when to charge and what is enforced; rules for
 * another service do not count. In metrics and logs a call has the name of the most
 * specific one.
 *
 * @since 0.1.0
 */
public final class MappingRules {

	private static final Log logger = LogFactory.getLog(MappingRules.class);

	/** Callers choose which rules match, so they are not to choose how many are kept. */
	private static final int MAX_OPERATIONS = 256;

	private final List<MappingRule> rules;

	private final ConcurrentLruCache<BitSet, MeteredOperation> operations = new ConcurrentLruCache<>(MAX_OPERATIONS,
			this::operation);

	/**
	 * Create the rules.
	 * @param rules the rules, in their order
	 * @throws InvalidMappingRulesException if a call that they all match would use more
	 * than a call can
	 */
	public MappingRules(List<MappingRule> rules) {
		this.rules = List.copyOf(rules);
		try {
			usage(rules);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMappingRulesException("Mapping rules add up to too much: " + ex.getMessage());
		}
		if (logger.isDebugEnabled()) {
			List<List<MappingRule>> named = byName(rules);
			for (int i = 0; i < named.size(); i++) {
				logger.debug("Mapping rule " + (i + 1) + ": " + described(named.get(i)));
			}
		}
	}

	/**
	 * What is one rule to those who look at it at APIcast may be several here, one after
	 * the other: one for each metric, and for each pattern it is translated to.
	 */
	private static List<List<MappingRule>> byName(List<MappingRule> rules) {
		List<List<MappingRule>> named = new ArrayList<>();
		for (MappingRule rule : rules) {
			if (named.isEmpty() || !named.get(named.size() - 1).get(0).name().equals(rule.name())) {
				named.add(new ArrayList<>());
			}
			named.get(named.size() - 1).add(rule);
		}
		return named;
	}

	private static String described(List<MappingRule> rules) {
		MappingRule first = rules.get(0);
		Usage usage = usage(rules.stream().filter((rule) -> rule.pattern().equals(first.pattern())).toList());
		boolean last = rules.stream().anyMatch(MappingRule::last);
		return new MappingRule(first.name(), first.method(), first.pattern(), first.query(), usage, first.chargeOn(),
				last, first.service(), first.enforcement(), first.origin()) + ", charged on " + first.chargeOn();
	}

	/**
	 * Find out what a call uses.
	 * @param method the HTTP method
	 * @param path the path within the application
	 * @param query gives the query as it stands in the URL, or {@code null} if there is
	 * none; asked only if a rule has conditions for it
	 * @return the operation, or {@code null} if no rule matches
	 */
	public @Nullable MeteredOperation match(HttpMethod method, PathContainer path, Supplier<@Nullable String> query) {
		if (this.rules.isEmpty()) {
			return null;
		}
		BitSet matching = matching(HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method,
				CanonicalPath.readings(path), new Query(query));
		return matching.isEmpty() ? null : this.operations.get(matching);
	}

	private BitSet matching(HttpMethod method, List<PathContainer> readings, Query query) {
		BitSet matching = new BitSet(this.rules.size());
		for (int i = 0; i < this.rules.size(); i++) {
			MappingRule rule = this.rules.get(i);
			if (rule.matches(method, readings, query) && isForSameService(rule, matching)) {
				matching.set(i);
				if (rule.last()) {
					break;
				}
			}
		}
		return matching;
	}

	private boolean isForSameService(MappingRule rule, BitSet matching) {
		return matching.isEmpty() || Objects.equals(rule.service(), this.rules.get(matching.nextSetBit(0)).service());
	}

	/**
	 * One rule gives the name: as many names as combinations of rules would be too many
	 * for a meter.
	 */
	private MeteredOperation operation(BitSet matching) {
		List<MappingRule> rules = matching.stream().mapToObj(this.rules::get).toList();
		MappingRule first = rules.get(0);
		String name = rules.stream().min(MappingRule.MOST_SPECIFIC).orElse(first).name();
		return new MeteredOperation(name, first.service(), usage(rules), first.chargeOn(), List.of(),
				first.enforcement());
	}

	private static Usage usage(List<MappingRule> rules) {
		Usage usage = Usage.NONE;
		for (MappingRule rule : rules) {
			for (Map.Entry<String, Long> increment : rule.usage().increments().entrySet()) {
				usage = usage.and(increment.getKey(), increment.getValue());
			}
		}
		return usage;
	}

	/**
	 * Return the rules.
	 * @return the rules, in their order
	 */
	public List<MappingRule> rules() {
		return this.rules;
	}

}
