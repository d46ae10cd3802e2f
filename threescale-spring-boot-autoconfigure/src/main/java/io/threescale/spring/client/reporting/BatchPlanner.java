package io.threescale.spring.client.reporting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.threescale.spring.client.reporting.Counter.Key;
import org.jspecify.annotations.Nullable;

/**
 * Decides what shares a request: everything 3scale knew lately, and else only what would
 * be void together anyway. What is known goes first.
 *
 * @param known what 3scale knew lately
 * @param batchSize how many counters share a request at most
 */
record BatchPlanner(KnownApplications known, int batchSize) {

	List<List<Counter>> plan(Collection<Counter> pending) {
		Map<Lane, List<Counter>> known = new LinkedHashMap<>();
		Map<Lane, List<Counter>> unknown = new LinkedHashMap<>();
		Map<ApplicationUsage, Boolean> asked = new HashMap<>();
		for (Counter counter : pending) {
			boolean familiar = asked.computeIfAbsent(counter.owner(),
					(usage) -> this.known.knowsApplication(usage.hash()));
			(familiar ? known : unknown).computeIfAbsent(lane(counter, familiar), (lane) -> new ArrayList<>())
				.add(counter);
		}
		return Stream.concat(known.values().stream(), unknown.values().stream())
			.flatMap((lane) -> cut(lane).stream())
			.toList();
	}

	/**
	 * Tell whether 3scale is known to have what a batch is about.
	 */
	boolean isKnown(List<Counter> batch) {
		Counter first = batch.get(0);
		return this.known.knowsApplication(first.owner().hash()) && this.known.metrics().isKnown(first.key().metric());
	}

	private Lane lane(Counter counter, boolean familiar) {
		Key key = counter.key();
		return new Lane(key.flatUsage(), familiar ? null : counter.owner(),
				this.known.metrics().isKnown(key.metric()) ? null : key.metric());
	}

	private List<List<Counter>> cut(List<Counter> lane) {
		List<List<Counter>> batches = new ArrayList<>();
		for (int from = 0; from < lane.size(); from += this.batchSize) {
			batches.add(List.copyOf(lane.subList(from, Math.min(from + this.batchSize, lane.size()))));
		}
		return batches;
	}

	/**
	 * What the counters of a request have in common.
	 *
	 * @param flatUsage an option of the request
	 * @param application the only one in it, or {@code null}
	 * @param metric the only one in it, or {@code null}
	 */
	private record Lane(boolean flatUsage, @Nullable ApplicationUsage application, @Nullable String metric) {
	}

}
