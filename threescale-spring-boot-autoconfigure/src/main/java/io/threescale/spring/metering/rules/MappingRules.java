package io.threescale.spring.metering.rules;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;

/**
 * Rules in their order. All that match a call add up, until one that is the last. The
 * first that matches names the service; rules for another do not count.
 *
 * @since 0.1.0
 */
public final class MappingRules {

	private final List<MappingRule> rules;

	/** As many as there are combinations of rules, however many paths are called. */
	private final Map<BitSet, MappedUsage> usages = new ConcurrentHashMap<>();

	/**
	 * Create the rules.
	 * @param rules the rules, in their order
	 */
	public MappingRules(List<MappingRule> rules) {
		this.rules = List.copyOf(rules);
	}

	/**
	 * Find out what a call uses.
	 * @param method the HTTP method
	 * @param path the path within the application
	 * @param query the query as it stands in the URL, or {@code null} if there is none
	 * @return the usage, or {@code null} if no rule matches
	 */
	public @Nullable MappedUsage match(HttpMethod method, PathContainer path, @Nullable String query) {
		BitSet matching = matching(HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method, CanonicalPath.of(path),
				new Query(query));
		return matching.isEmpty() ? null : this.usages.computeIfAbsent(matching,
				(indexes) -> MappedUsage.of(indexes.stream().mapToObj(this.rules::get).toList()));
	}

	private BitSet matching(HttpMethod method, PathContainer path, Query query) {
		BitSet matching = new BitSet(this.rules.size());
		for (int i = 0; i < this.rules.size(); i++) {
			MappingRule rule = this.rules.get(i);
			if (rule.matches(method, path, query) && isForSameService(rule, matching)) {
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
	 * Return the rules.
	 * @return the rules, in their order
	 */
	public List<MappingRule> rules() {
		return this.rules;
	}

}
