package io.threescale.spring.sandbox;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The faults to come, in the order they were asked for.
 */
final class FaultQueue {

	private final Deque<Planned> planned = new ArrayDeque<>();

	void add(int times, Fault fault, SandboxOperation... only) {
		Set<SandboxOperation> operations = EnumSet.allOf(SandboxOperation.class);
		if (only.length > 0) {
			operations.retainAll(Arrays.asList(only));
		}
		this.planned.add(new Planned(fault, operations, times));
	}

	@Nullable Fault next(SandboxOperation operation) {
		for (Iterator<Planned> iterator = this.planned.iterator(); iterator.hasNext();) {
			Planned next = iterator.next();
			if (next.operations.contains(operation)) {
				next.times--;
				if (next.times <= 0) {
					iterator.remove();
				}
				return next.fault;
			}
		}
		return null;
	}

	void clear() {
		this.planned.clear();
	}

	private static final class Planned {

		private final Fault fault;

		private final Set<SandboxOperation> operations;

		private int times;

		Planned(Fault fault, Set<SandboxOperation> operations, int times) {
			this.fault = fault;
			this.operations = operations;
			this.times = times;
		}

	}

}
