package io.threescale.spring.client.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

/**
 * Decides what shares a request: everything 3scale knew lately, and else only what would
 * be void together anyway.
 */
final class BatchPlanner {

	private final KnownApplications known;

	private final int batchSize;

	BatchPlanner(KnownApplications known, int batchSize) {
		this.known = known;
		this.batchSize = batchSize;
	}

	List<List<Aggregate>> plan(Collection<Aggregate> pending) {
		Map<Lane, List<Aggregate>> lanes = new LinkedHashMap<>();
		Map<ApplicationCredentials, Boolean> asked = new HashMap<>();
		for (Aggregate aggregate : pending) {
			boolean familiar = asked.computeIfAbsent(aggregate.application(), this.known::knowsApplication);
			lanes.computeIfAbsent(lane(aggregate, familiar), (lane) -> new ArrayList<>()).add(aggregate);
		}
		return lanes.values().stream().flatMap((lane) -> cut(lane).stream()).toList();
	}

	private Lane lane(Aggregate aggregate, boolean familiar) {
		Slot slot = aggregate.slot();
		boolean knownMetric = this.known.knowsMetric(slot.metric());
		return new Lane(slot.flatUsage(), familiar ? null : aggregate.application(),
				knownMetric ? null : slot.metric());
	}

	private List<List<Aggregate>> cut(List<Aggregate> lane) {
		List<List<Aggregate>> batches = new ArrayList<>();
		for (int from = 0; from < lane.size(); from += this.batchSize) {
			batches.add(List.copyOf(lane.subList(from, Math.min(from + this.batchSize, lane.size()))));
		}
		return batches;
	}

	/**
	 * What requests have in common.
	 *
	 * @param flatUsage an option of the request
	 * @param application the only one in it, or {@code null}
	 * @param metric the only one in it, or {@code null}
	 */
	private record Lane(boolean flatUsage, @Nullable ApplicationCredentials application, @Nullable String metric) {
	}

}
