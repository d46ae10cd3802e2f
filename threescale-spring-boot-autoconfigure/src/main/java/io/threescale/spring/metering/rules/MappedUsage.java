package io.threescale.spring.metering.rules;

import java.util.List;
import java.util.stream.Collectors;

import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a call uses by the rules that match it.
 *
 * @param name the name in metrics: those of the rules
 * @param service the name of the service that is used, or {@code null} for the default
 * @param usage what the rules add up to
 * @since 0.1.0
 */
public record MappedUsage(String name, @Nullable String service, Usage usage) {

	static MappedUsage of(List<MappingRule> rules) {
		String name = rules.stream().map(MappingRule::name).collect(Collectors.joining(", "));
		Usage usage = Usage.NONE;
		for (MappingRule rule : rules) {
			for (var increment : rule.usage().increments().entrySet()) {
				usage = usage.and(increment.getKey(), increment.getValue());
			}
		}
		return new MappedUsage(name, rules.get(0).service(), usage);
	}

}
