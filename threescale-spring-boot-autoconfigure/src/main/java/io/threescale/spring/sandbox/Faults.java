package io.threescale.spring.sandbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The faults to come: those for the next calls in the order they were asked for, and
 * after them the ones that stay.
 */
final class Faults {

	private final List<Next> next = new LinkedList<>();

	private final Map<SandboxOperation, Fault> standing = new EnumMap<>(SandboxOperation.class);

	void addNext(int times, Fault fault, SandboxOperation... only) {
		for (int i = 0; i < times; i++) {
			this.next.add(new Next(fault, operations(only)));
		}
	}

	void stand(Fault fault, SandboxOperation... only) {
		operations(only).forEach((operation) -> this.standing.put(operation, fault));
	}

	@Nullable Fault take(SandboxOperation operation) {
		for (Iterator<Next> candidates = this.next.iterator(); candidates.hasNext();) {
			Next candidate = candidates.next();
			if (candidate.operations().contains(operation)) {
				candidates.remove();
				return candidate.fault();
			}
		}
		return this.standing.get(operation);
	}

	/** Tell a person what is to come. */
	List<String> inWords() {
		List<String> words = new ArrayList<>();
		this.next.forEach((next) -> words.add("The next of " + list(next.operations()) + " is " + words(next.fault())));
		Map<Fault, Set<SandboxOperation>> operations = new LinkedHashMap<>();
		this.standing.forEach(
				(operation, fault) -> operations.computeIfAbsent(fault, (key) -> EnumSet.noneOf(SandboxOperation.class))
					.add(operation));
		operations.forEach((fault, which) -> words.add("Each of " + list(which) + " is " + words(fault)));
		return words;
	}

	private static String words(Fault fault) {
		if (fault instanceof Fault.Answer answer) {
			return "answered " + answer.status() + (answer.counted() ? " after counting" : " and not counted");
		}
		if (fault instanceof Fault.Slow slow) {
			return "answered " + slow.delay().toMillis() + " ms late";
		}
		return "hung up on " + (fault.equals(Fault.hangUpAfterCounting()) ? "after" : "before") + " counting";
	}

	private static String list(Set<SandboxOperation> operations) {
		return (operations.size() == SandboxOperation.values().length) ? "all calls"
				: operations.stream().map(SandboxOperation::word).collect(Collectors.joining(", "));
	}

	void clear() {
		this.next.clear();
		this.standing.clear();
	}

	private static Set<SandboxOperation> operations(SandboxOperation... only) {
		return (only.length > 0) ? EnumSet.copyOf(Arrays.asList(only)) : EnumSet.allOf(SandboxOperation.class);
	}

	private record Next(Fault fault, Set<SandboxOperation> operations) {
	}

}
