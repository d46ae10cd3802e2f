package io.threescale.spring.documentation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.client.predictive.PredictionStatistics;
import io.threescale.spring.client.reporting.BatchingStatistics;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringOutcome;
import io.threescale.spring.observation.DefaultThreeScaleClientObservationConvention;
import io.threescale.spring.observation.MeteringMeters;
import io.threescale.spring.observation.PredictionMeters;
import io.threescale.spring.observation.ReportingMeters;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * The alert rules are about meters there are.
 */
class MeterTests {

	private static final Pattern SERIES = Pattern.compile("(threescale_[a-z_]+)(?:\\{(\\w+)=~?\"([^\"]+)\"})?");

	private static final Pattern ROW = Pattern.compile("\\| `(threescale\\.[a-z.]+)` \\| (?:counter|gauge|timer)");

	private static final String TIMER = new DefaultThreeScaleClientObservationConvention().getName();

	private static final Set<String> OF_TIMER = Set.of("granted", "denied", "accepted", "misconfigured", "unavailable",
			"ambiguous", "cancelled");

	@Test
	void shouldQueryMetersThereAre() {
		Map<String, Set<String>> meters = meters();
		List<MatchResult> queried = SERIES.matcher(Page.named("production.md").text()).results().toList();
		assertThat(queried).hasSizeGreaterThan(20)
			.allSatisfy((series) -> assertThat(meters).containsKey(series.group(1)));
		assertThat(queried).filteredOn((series) -> series.group(2) != null)
			.allSatisfy((series) -> assertThat(meters.get(series.group(1)))
				.containsAll(Stream.of(series.group(3).split("\\|")).map((value) -> series.group(2) + value).toList()));
	}

	@Test
	void shouldListAllMeters() {
		assertThat(ROW.matcher(Page.named("operations.md").text()).results().map((row) -> row.group(1)))
			.containsExactlyInAnyOrderElementsOf(Stream
				.concat(Stream.of(TIMER), registry().getMeters().stream().map((meter) -> meter.getId().getName()))
				.distinct()
				.toList());
	}

	private static MeterRegistry registry() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		MeteringMeters metering = new MeteringMeters(registry);
		for (MeteringOutcome outcome : MeteringOutcome.values()) {
			metering.decided(new MeteringDecision(MeteredOperation.of("search", Usage.HIT), "1", null, outcome,
					new Denied(ErrorCode.LIMITS_EXCEEDED, null, ApplicationStatus.UNKNOWN), null));
		}
		metering.used("1", Usage.HIT, true);
		metering.used("1", Usage.HIT, false);
		new ReportingMeters(mock(BatchingStatistics.class), "1").bindTo(registry);
		new PredictionMeters(mock(PredictionStatistics.class), "1").bindTo(registry);
		return registry;
	}

	/**
	 * Return the tags by the names that the Prometheus registry gives them.
	 */
	private static Map<String, Set<String>> meters() {
		Map<String, Set<String>> meters = new TreeMap<>();
		for (Meter meter : registry().getMeters()) {
			meter.getId()
				.getTags()
				.forEach((tag) -> meters.computeIfAbsent(name(meter.getId()), (name) -> new TreeSet<>())
					.add(tag.getKey() + tag.getValue()));
		}
		String timer = TIMER.replace('.', '_') + "_seconds_";
		Set<String> outcomes = new TreeSet<>(OF_TIMER.stream().map("outcome"::concat).toList());
		Stream.of("count", "sum", "max").forEach((statistic) -> meters.put(timer + statistic, outcomes));
		return meters;
	}

	private static String name(Meter.Id id) {
		String unit = (id.getBaseUnit() != null) ? "_" + id.getBaseUnit().toLowerCase(Locale.ROOT) : "";
		return id.getName().replace('.', '_') + unit + ((id.getType() == Type.COUNTER) ? "_total" : "");
	}

}
