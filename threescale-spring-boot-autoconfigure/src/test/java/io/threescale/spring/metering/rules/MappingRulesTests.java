package io.threescale.spring.metering.rules;

import java.util.List;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.threescale.spring.Usage;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.MeteredOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.util.ConcurrentLruCache;
import org.springframework.web.util.pattern.PathPatternParser;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What calls use by rules.
 */
class MappingRulesTests {

	@Test
	void whatMatchesAddsUp() {
		MappingRules rules = rules(rule("/**", Usage.of("hits", 1)), rule("/other", Usage.of("hits", 2)),
				rule("/search/**", Usage.of(Map.of("hits", 3L, "search", 1L))));
		MeteredOperation operation = match(rules, "/search/all");
		assertThat(operation).isNotNull();
		assertThat(operation.usage()).isEqualTo(Usage.of(Map.of("hits", 4L, "search", 1L)));
		assertThat(operation.name()).isEqualTo("/search/**");
	}

	@Test
	void callersChooseNeitherTheNumberOfNamesNorWhatIsKept() {
		MappingRules rules = rules(IntStream.range(0, 14)
			.mapToObj((i) -> new MappingRule("rule " + i, null, PathPatternParser.defaultInstance.parse("/search"),
					Map.of("p" + i, "{any}"), Usage.HIT, ChargeOn.ADMISSION, false, null, Enforcement.ENFORCE, "test"))
			.toArray(MappingRule[]::new));
		Set<String> names = new HashSet<>();
		for (int choice = 1; choice < 1 << 14; choice++) {
			BitSet chosen = BitSet.valueOf(new long[] { choice });
			String query = chosen.stream().mapToObj((i) -> "p" + i + "=1").collect(Collectors.joining("&"));
			MeteredOperation operation = rules.match(HttpMethod.GET, PathContainer.parsePath("/search"), () -> query);
			assertThat(operation).isNotNull();
			assertThat(operation.usage()).isEqualTo(Usage.of("hits", chosen.cardinality()));
			names.add(operation.name());
		}
		assertThat(names).hasSize(14);
		assertThat(rules).extracting("operations")
			.isInstanceOfSatisfying(ConcurrentLruCache.class,
					(kept) -> assertThat(kept.size()).isLessThanOrEqualTo(256));
	}

	@Test
	void whatFollowsTheLastThatMatchesIsNotAsked() {
		MappingRules rules = rules(rule("/**", Usage.of("hits", 1)), last("/other", Usage.of("hits", 100)),
				last("/abc/**", Usage.of("hits", 2)), rule("/abc/def", Usage.of("hits", 10)));
		assertThat(hits(rules, "/abc/def")).isEqualTo(3);
	}

	@Test
	void whatNothingMatchesIsNotMetered() {
		assertThat(match(rules(rule("/search", Usage.HIT)), "/other")).isNull();
	}

	@Test
	void headUsesWhatGetUses() {
		MappingRules rules = rules(
				new MappingRule("GET /**", HttpMethod.GET, PathPatternParser.defaultInstance.parse("/**"), Map.of(),
						Usage.HIT, ChargeOn.ADMISSION, false, null, Enforcement.ENFORCE, "test"));
		PathContainer path = PathContainer.parsePath("/a");
		assertThat(rules.match(HttpMethod.HEAD, path, () -> null))
			.isEqualTo(rules.match(HttpMethod.GET, path, () -> null))
			.isNotNull();
		assertThat(rules.match(HttpMethod.POST, path, () -> null)).isNull();
	}

	@Test
	void theFirstRuleThatMatchesNamesTheService() {
		MappingRules rules = rules(rule("/a", Usage.HIT), service("maps", "/a/b", Usage.of("tiles", 2)),
				rule("/a/**", Usage.HIT), service("maps", "/a/b/**", Usage.of("tiles", 3)));
		assertThat(match(rules, "/a/b"))
			.isEqualTo(new MeteredOperation("/a/b", "maps", Usage.of("tiles", 5), ChargeOn.ADMISSION, List.of()));
		assertThat(match(rules, "/a/c")).isEqualTo(MeteredOperation.of("/a/**", Usage.HIT));
	}

	@Test
	void theFirstRuleThatMatchesTellsWhenToCharge() {
		MappingRules rules = rules(rule("/a", Usage.HIT, ChargeOn.SUCCESS, false, null), rule("/**", Usage.HIT));
		assertThat(match(rules, "/a")).extracting(MeteredOperation::chargeOn).isEqualTo(ChargeOn.SUCCESS);
		assertThat(match(rules, "/b")).extracting(MeteredOperation::chargeOn).isEqualTo(ChargeOn.ADMISSION);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a/report.pdf", "//a/report.pdf", "/a//report.pdf", "/b/../a/report.pdf",
			"/a/./report.pdf", "/%2E/a/report.pdf", "/b/%2e%2e/a/report.pdf", "/a/repo%72t.pdf", "/a;v=1/report.pdf;x",
			"/../a/report.pdf", "/b/..;x=1/a/report.pdf", "/b/c/../../a/report.pdf" })
	void nobodyWalksAroundARule(String path) {
		assertThat(hits(rules(rule("/a/report.pdf", Usage.HIT)), path)).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "/a/, 1", "/a/., 1", "/a/b/.., 1", "/a, 0", "/b/../a, 0" })
	void aTrailingSlashIsKept(String path, long hits) {
		assertThat(hits(rules(rule("/a/", Usage.HIT)), path)).isEqualTo(hits);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "//", "/a/.." })
	void theRootIsAPath(String path) {
		assertThat(hits(rules(rule("/", Usage.HIT)), path)).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "-, 0", "size=1, 0", "size=1&speed=2x, 1", "speed=2x&size, 1", "size=&speed=2x, 1",
					"size=1&speed=3x, 0", "size=1&speed=3x&speed=2x, 1", "size=1&speed=2x&speed=3x, 0",
					"s%69ze=1&speed=%32x, 1", "size=1&speed=2x&%zz=%zz, 1", "size=1&speed=2x&speed, 0",
					"other=1&speed=2x&size=1, 1" })
	void aRuleMayAskForTheQuery(@Nullable String query, long hits) {
		MappingRules rules = rules(new MappingRule("encode", null, PathPatternParser.defaultInstance.parse("/encode"),
				Map.of("size", "{size}", "speed", "2x"), Usage.HIT, ChargeOn.ADMISSION, false, null,
				Enforcement.ENFORCE, "test"));
		MeteredOperation operation = rules.match(HttpMethod.GET, PathContainer.parsePath("/encode"), () -> query);
		assertThat((operation != null) ? operation.usage() : Usage.NONE).isEqualTo((hits > 0) ? Usage.HIT : Usage.NONE);
	}

	@Test
	void aRuleTellsWhatItSays() {
		assertThat(rule("/a", Usage.of("search", 2))).hasToString("/a uses {search=2}");
		assertThat(last("/a", Usage.HIT)).hasToString("/a uses {hits=1}, last");
		assertThat(service("maps", "/a", Usage.HIT)).hasToString("/a uses {hits=1} of service maps");
	}

	private static long hits(MappingRules rules, String path) {
		MeteredOperation operation = match(rules, path);
		return (operation != null) ? operation.usage().increments().get("hits") : 0;
	}

	private static @Nullable MeteredOperation match(MappingRules rules, String path) {
		return rules.match(HttpMethod.GET, PathContainer.parsePath(path), () -> null);
	}

	private static MappingRules rules(MappingRule... rules) {
		return new MappingRules(List.of(rules));
	}

	private static MappingRule rule(String pattern, Usage usage) {
		return rule(pattern, usage, ChargeOn.ADMISSION, false, null);
	}

	private static MappingRule last(String pattern, Usage usage) {
		return rule(pattern, usage, ChargeOn.ADMISSION, true, null);
	}

	private static MappingRule service(String service, String pattern, Usage usage) {
		return rule(pattern, usage, ChargeOn.ADMISSION, false, service);
	}

	private static MappingRule rule(String pattern, Usage usage, ChargeOn chargeOn, boolean last,
			@Nullable String service) {
		return new MappingRule(pattern, null, PathPatternParser.defaultInstance.parse(pattern), Map.of(), usage,
				chargeOn, last, service, Enforcement.ENFORCE, "test");
	}

}
