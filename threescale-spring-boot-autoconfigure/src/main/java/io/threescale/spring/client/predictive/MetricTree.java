package io.threescale.spring.client.predictive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.SteadyTime;

/**
 * What is known of the metric tree of a service. 3scale tells the direct children of
 * limited metrics only ({@code protocol.md} 4.2), so that the place of a metric may be
 * open. It is learnt from limit headers, which consider only the metrics used and those
 * above them (3.2). What is learnt is bounded and expires.
 */
final class MetricTree {

	private static final int MAX_SIZE = 10_000;

	private final Cache<String, String> parents;

	private final Cache<Pair, Boolean> learnt;

	/** Changes whenever a relation may be another one. */
	private final AtomicLong version = new AtomicLong();

	MetricTree(Duration knownFor, SteadyTime time) {
		this.parents = cache(knownFor, time);
		this.learnt = cache(knownFor, time);
	}

	private <K, V> Cache<K, V> cache(Duration knownFor, SteadyTime time) {
		return Caffeine.newBuilder()
			.maximumSize(MAX_SIZE)
			.expireAfterWrite(knownFor)
			.ticker(time::read)
			.executor(Runnable::run)
			.removalListener((key, value, cause) -> {
				if (cause.wasEvicted()) {
					this.version.incrementAndGet();
				}
			})
			.build();
	}

	/**
	 * Whether usage of a metric counts against the limit of another one.
	 */
	enum Relation {

		/** It does: it is the metric itself, or one below it. */
		SURE,

		/** Nobody knows yet. */
		POSSIBLE,

		/** It does not. */
		NONE

	}

	/**
	 * A metric that is used, and one that is limited.
	 */
	private record Pair(String metric, String limited) {
	}

	long version() {
		return this.version.get();
	}

	Relation relation(String metric, String limited) {
		List<String> above = path(metric);
		if (above.contains(limited)) {
			return Relation.SURE;
		}
		if (path(limited).stream().anyMatch(above::contains)) {
			return Relation.NONE;
		}
		Boolean known = this.learnt.getIfPresent(new Pair(metric, limited));
		if (known == null) {
			return Relation.POSSIBLE;
		}
		return known ? Relation.SURE : Relation.NONE;
	}

	/**
	 * Return a metric and those known to be above it.
	 */
	private List<String> path(String metric) {
		List<String> path = new ArrayList<>();
		for (String next = metric; next != null && !path.contains(next); next = this.parents.getIfPresent(next)) {
			path.add(next);
		}
		return path;
	}

	/**
	 * Learn from the answer to a question.
	 * @param usage what was asked about
	 * @param answer granted, or denied for a limit
	 */
	void learn(Usage usage, Authorization answer) {
		this.parents.cleanUp();
		this.learnt.cleanUp();
		answer.status().hierarchy().children().forEach((parent, children) -> children.forEach((child) -> {
			if (!parent.equals(this.parents.getIfPresent(child))) {
				this.version.incrementAndGet();
			}
			this.parents.put(child, parent);
		}));
		LimitHeaders headers = answer.status().limitHeaders();
		long amount = usage.increments().values().stream().mapToLong(Long::longValue).min().orElse(0);
		if (headers != null && amount > 0) {
			learn(usage.increments().keySet(), amount, headers, answer);
		}
	}

	private void learn(Set<String> metrics, long amount, LimitHeaders headers, Authorization answer) {
		List<String> binding = new ArrayList<>();
		for (UsageReport report : answer.usageReports()) {
			long remaining = report.remaining() / amount;
			boolean untouched = headers.remaining() < 0 || remaining < headers.remaining()
					|| (answer.isGranted() && report.currentValue() > report.maxValue());
			if (untouched) {
				metrics.forEach((metric) -> learn(metric, report.metric(), false));
			}
			else if (isOf(report, remaining, headers)) {
				binding.add(report.metric());
			}
		}
		if (answer instanceof Denied) {
			doubt(metrics, amount, answer);
		}
		if (metrics.size() == 1) {
			String metric = metrics.iterator().next();
			List<String> possible = binding.stream()
				.distinct()
				.filter((limited) -> relation(metric, limited) != Relation.NONE)
				.toList();
			if (possible.size() == 1) {
				learn(metric, possible.get(0), true);
			}
		}
	}

	private static boolean isOf(UsageReport report, long remaining, LimitHeaders headers) {
		return headers.maxValue() != null && report.maxValue() == headers.maxValue() && remaining == headers.remaining()
				&& (report.window() == null) == (headers.reset() < 0);
	}

	private void learn(String metric, String limited, boolean below) {
		if (relation(metric, limited) == Relation.POSSIBLE) {
			this.learnt.put(new Pair(metric, limited), below);
			this.version.incrementAndGet();
		}
	}

	/**
	 * Forget what was learnt of metrics if it does not explain a denial.
	 */
	private void doubt(Set<String> metrics, long amount, Authorization denial) {
		boolean explained = denial.usageReports()
			.stream()
			.filter((report) -> amount > report.maxValue() - report.currentValue())
			.anyMatch((report) -> metrics.stream()
				.anyMatch((metric) -> relation(metric, report.metric()) != Relation.NONE));
		if (!explained) {
			denial.usageReports()
				.forEach((report) -> metrics
					.forEach((metric) -> this.learnt.invalidate(new Pair(metric, report.metric()))));
			this.version.incrementAndGet();
		}
	}

	void clear() {
		this.parents.invalidateAll();
		this.learnt.invalidateAll();
		this.version.incrementAndGet();
	}

}
