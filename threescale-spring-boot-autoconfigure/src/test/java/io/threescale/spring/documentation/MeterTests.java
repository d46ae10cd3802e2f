package io.threescale.spring.documentation;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.predictive.PredictionStatistics;
import io.threescale.spring.client.reporting.BatchingStatistics;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringOutcome;
import io.threescale.spring.observation.MeteringMeters;
import io.threescale.spring.observation.ObservedThreeScaleClient;
import io.threescale.spring.observation.PredictionMeters;
import io.threescale.spring.observation.ReportingMeters;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Rules and dashboard of {@code samples/observability} are about meters there are.
 */
class MeterTests {

	private static final Path OBSERVABILITY = Page.ROOT.resolve("samples/observability");

	private static final Pattern SERIES = Pattern.compile("(?<!:)\\b(threescale_[a-z_]+)(?:\\{([^}]*)})?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)=~?\"([^\"]+)\"");

	private static final Pattern RECORDED = Pattern.compile("\\w+:threescale_\\w+:\\w+");

	private static final Pattern GROUPING = Pattern.compile("by \\(([^)]+)\\)");

	private static final Pattern ROW = Pattern
		.compile("(?m)^\\| `(threescale\\.[a-z.]+)` \\| (?:counter|gauge|timer).*? \\| (.*?) \\|");

	private static final Pattern TAG = Pattern.compile("`([a-z]+)`");

	private static final Set<String> OF_TIMER = Set.of("granted", "denied", "accepted", "misconfigured", "unavailable",
			"ambiguous", "cancelled");

	@Test
	void shouldQueryMetersThereAre() {
		Map<String, Map<String, Set<String>>> meters = meters();
		List<String> queries = queries();
		assertThat(queries).hasSizeGreaterThan(25).allSatisfy((query) -> {
			Set<String> labels = new TreeSet<>(Set.of("instance"));
			SERIES.matcher(query).results().forEach((series) -> {
				assertThat(meters).containsKey(series.group(1));
				Map<String, Set<String>> tags = meters.get(series.group(1));
				labels.addAll(tags.keySet());
				MATCHER.matcher(Objects.requireNonNullElse(series.group(2), "")).results().forEach((matcher) -> {
					assertThat(tags).containsKey(matcher.group(1));
					assertThat(matcher.group(2).split("\\|"))
						.allMatch((value) -> value.startsWith("$") || tags.get(matcher.group(1)).contains(value));
				});
			});
			assertThat(GROUPING.matcher(query).results().flatMap((by) -> Stream.of(by.group(1).split(", "))))
				.isSubsetOf(labels);
		});
	}

	@Test
	void shouldRecordWhatAlertsCompare() {
		assertThat(queries().stream().flatMap((query) -> RECORDED.matcher(query).results()).map(MatchResult::group))
			.containsExactlyInAnyOrderElementsOf(rules("record").toList());
	}

	@Test
	void shouldTestEachAlert() {
		String tests = Page.read(OBSERVABILITY.resolve("rules-test.yml")).text();
		assertThat(rules("alert")).hasSizeGreaterThan(10)
			.allSatisfy((alert) -> assertThat(tests).contains("alertname=\"" + alert + "\", alertstate=\"firing\""));
	}

	@Test
	void shouldListAllMetersWithTheirTags() {
		assertThat(ROW.matcher(Page.named("operations.md").text())
			.results()
			.map((row) -> row.group(1) + tags(row.group(2).replaceAll("\\([^)]*\\)|counted=.*", ""))))
			.containsExactlyInAnyOrderElementsOf(registry().getMeters()
				.stream()
				.map((meter) -> meter.getId().getName()
						+ meter.getId().getTags().stream().map(Tag::getKey).sorted().toList())
				.distinct()
				.toList());
	}

	private static List<String> tags(String cell) {
		return TAG.matcher(cell).results().map((tag) -> tag.group(1)).sorted().toList();
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
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
		ReactiveThreeScaleClient client = mock(ReactiveThreeScaleClient.class, (call) -> Mono.empty());
		new ObservedThreeScaleClient(client, "1", observations, null).report(new ReportRequest(List.of(), false))
			.block();
		return registry;
	}

	private static List<String> queries() {
		JsonNode dashboard = JsonMapper.shared().readTree(Page.read(OBSERVABILITY.resolve("dashboard.json")).text());
		return Stream.concat(dashboard.findValuesAsString("expr").stream(), rules("expr")).toList();
	}

	/**
	 * Return what rules say under a key, if they do.
	 */
	private static Stream<String> rules(String key) {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file = new Yaml()
			.load(Page.read(OBSERVABILITY.resolve("rules.yml")).text());
		return file.get("groups")
			.stream()
			.flatMap((group) -> group.get("rules").stream())
			.map((rule) -> (String) rule.get(key))
			.filter(Objects::nonNull);
	}

	/**
	 * Return the tags and their values by the names that the Prometheus registry gives
	 * them.
	 */
	private static Map<String, Map<String, Set<String>>> meters() {
		Map<String, Map<String, Set<String>>> meters = new TreeMap<>();
		for (Meter meter : registry().getMeters()) {
			for (String name : names(meter.getId())) {
				Map<String, Set<String>> tags = meters.computeIfAbsent(name, (absent) -> new TreeMap<>());
				meter.getId()
					.getTags()
					.forEach((tag) -> tags.computeIfAbsent(tag.getKey(), (key) -> new TreeSet<>()).add(tag.getValue()));
				if (meter.getId().getType() == Type.TIMER) {
					tags.get("outcome").addAll(OF_TIMER);
				}
			}
		}
		return meters;
	}

	private static List<String> names(Meter.Id id) {
		String name = id.getName().replace('.', '_');
		String unit = (id.getBaseUnit() != null) ? "_" + id.getBaseUnit().toLowerCase(Locale.ROOT) : "";
		return switch (id.getType()) {
			case COUNTER -> List.of(name + unit + "_total");
			case TIMER -> Stream.of("count", "sum", "max").map((statistic) -> name + "_seconds_" + statistic).toList();
			default -> List.of(name + unit);
		};
	}

}
