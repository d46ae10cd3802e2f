package io.threescale.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials.AppId;
import io.threescale.spring.ApplicationCredentials.Kind;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.ServiceCredentials.ProviderKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class VocabularyTests {

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\t\r\n", "\0", " \0 " })
	void whenCredentialsAreBlankThenAreRefused(String blank) {
		assertRefused(() -> ApplicationCredentials.userKey(blank), "The user key must not be blank");
		assertRefused(() -> ApplicationCredentials.appId(blank), "The application id must not be blank");
		assertRefused(() -> ApplicationCredentials.appId(blank, "k"), "The application id must not be blank");
		assertRefused(() -> ApplicationCredentials.oauthClient(blank), "The client id must not be blank");
		assertRefused(() -> ServiceCredentials.serviceToken(blank, "t"), "The service id must not be blank");
		assertRefused(() -> ServiceCredentials.serviceToken("1", blank), "The service token must not be blank");
		assertRefused(() -> ServiceCredentials.providerKey(blank, "1"), "The provider key must not be blank");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\0" })
	void whenOptionalKeysAreBlankThenAreAbsent(String blank) {
		assertThat(new AppId("a", blank).key()).isNull();
		assertThat(new OAuthClient("a", blank).secret()).isNull();
		assertThat(new ProviderKey("a", blank).serviceId()).isNull();
	}

	@Test
	void shouldKeepCredentialsAsTheyAre() {
		assertThat(ApplicationCredentials.userKey(" a\0b ").value()).isEqualTo(" a\0b ");
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void shouldMakeAnIdentityOfEachKind(Kind kind) {
		ApplicationCredentials identity = kind.identity("a");
		assertThat(identity.kind()).isEqualTo(kind);
		assertThat(identity.value()).isEqualTo("a");
		assertThat(identity.appKey()).isNull();
		assertThat(identity.identity()).isSameAs(identity);
		assertThat(identity.toString()).doesNotContain("a]");
	}

	@Test
	void shouldKnowAnApplicationByItsIdentityAndNotByItsKeys() {
		assertThat(ApplicationCredentials.appId("a", "k1").identity()).isEqualTo(ApplicationCredentials.appId("a"))
			.isEqualTo(ApplicationCredentials.appId("a", "k2").identity());
		assertThat(new OAuthClient("a", "s").identity()).isEqualTo(ApplicationCredentials.oauthClient("a"))
			.isNotEqualTo(ApplicationCredentials.appId("a"));
		assertThat(ApplicationCredentials.userKey("a").identity()).isEqualTo(ApplicationCredentials.userKey("a"))
			.isNotEqualTo(ApplicationCredentials.userKey("b").identity());
	}

	@Test
	void shouldTellWhatIsPresentedAsAProof() {
		assertThat(ApplicationCredentials.appId("a", "k").appKey()).isEqualTo("k");
		assertThat(new OAuthClient("a", "s").appKey()).isEqualTo("s");
		assertThat(ApplicationCredentials.userKey("a").appKey()).isNull();
	}

	@Test
	void shouldAddUpUsage() {
		Usage usage = Usage.of("hits").and("hits", 2).and("search", 3).andSet("storage", 0).andSet("storage", 4);
		assertThat(usage.increments()).containsExactly(Map.entry("hits", 3L), Map.entry("search", 3L));
		assertThat(usage.values()).containsExactly(Map.entry("storage", 4L));
		assertThat(usage.isEmpty()).isFalse();
		assertThat(Usage.NONE.isEmpty()).isTrue();
		assertThat(Usage.HIT).isEqualTo(Usage.of(Map.of("hits", 1L)));
	}

	@Test
	void shouldNotChangeWithTheMapsItIsMadeOf() {
		Map<String, Long> amounts = new HashMap<>(Map.of("hits", 1L));
		Usage usage = Usage.of(amounts);
		amounts.put("hits", 2L);
		assertThat(usage).isEqualTo(Usage.HIT);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> usage.increments().put("hits", 3L));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a[b", "a]b" })
	void whenMetricCannotBeSentThenIsRefused(String metric) {
		assertRefused(() -> Usage.of(metric), "Metric '" + metric + "' must be a system name, without square brackets");
		assertRefused(() -> Usage.NONE.andSet(metric, 1),
				"Metric '" + metric + "' must be a system name, without square brackets");
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, Long.MIN_VALUE, Usage.MAX_AMOUNT + 1, Long.MAX_VALUE })
	void whenAmountIsOutOfBoundsThenIsRefused(long amount) {
		assertRefused(() -> Usage.of("hits", amount),
				"Usage of metric 'hits' must be between 0 and 1000000000000000, not " + amount);
		assertRefused(() -> Usage.NONE.andSet("hits", amount),
				"Usage of metric 'hits' must be between 0 and 1000000000000000, not " + amount);
	}

	@Test
	void whenMetricIsBothAddedAndSetThenIsRefused() {
		assertRefused(() -> Usage.HIT.andSet("hits", 1), "A metric is either incremented or set, not both");
	}

	@ParameterizedTest
	@CsvSource({ "minute, 2026-11-23T03:04:00Z, 2026-11-23T03:05:00Z",
			"hour, 2026-11-23T03:00:00Z, 2026-11-23T04:00:00Z", "DAY, 2026-11-23T00:00:00Z, 2026-11-24T00:00:00Z",
			"week, 2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z", "month, 2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z",
			"year, 2026-01-01T00:00:00Z, 2027-01-01T00:00:00Z" })
	void shouldKnowTheWindowOfAPeriod(String period, Instant start, Instant end) {
		PeriodWindow window = new PeriodWindow(start, end);
		assertThat(new Period(period).windowAt(Instant.parse("2026-11-23T03:04:05.6Z"))).isEqualTo(window);
		assertThat(new Period(period).windowAt(start)).isEqualTo(window);
		assertThat(new Period(period).windowAt(end.minusNanos(1))).isEqualTo(window);
		assertThat(new Period(period).windowAt(end)).isNotEqualTo(window);
		assertThat(window.contains(start)).isTrue();
		assertThat(window.contains(end)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "eternity", "fortnight" })
	void whenPeriodHasNoEndThenHasNoWindow(String period) {
		assertThat(new Period(period).windowAt(Instant.EPOCH)).isNull();
	}

	@Test
	void shouldStartWeeksOnMonday() {
		assertThat(Period.WEEK.windowAt(Instant.parse("2026-11-22T23:59:59Z")))
			.isEqualTo(new PeriodWindow(Instant.parse("2026-11-16T00:00:00Z"), Instant.parse("2026-11-23T00:00:00Z")));
	}

	@Test
	void shouldNeverReportLessThanNothingAsRemaining() {
		assertThat(new UsageReport("hits", Period.DAY, null, 10, 3, false).remaining()).isEqualTo(7);
		assertThat(new UsageReport("hits", Period.DAY, null, 10, 12, true).remaining()).isZero();
	}

	@Test
	void shouldUnderstandLimitHeaders() {
		assertThat(new LimitHeaders(0, 60, 10L).resetAfter()).isEqualTo(Duration.ofMinutes(1));
		assertThat(new LimitHeaders(0, -1, 10L).resetAfter()).isNull();
		assertThat(new LimitHeaders(0, 60, 0L).isMetricDisabled()).isTrue();
		assertThat(new LimitHeaders(-1, -1, null).isMetricDisabled()).isFalse();
	}

	@Test
	void shouldPropagateUsageToAllAncestors() {
		MetricHierarchy hierarchy = new MetricHierarchy(
				Map.of("hits", List.of("search", "list"), "search", List.of("deep"), "storage", List.of()));
		Map<String, Long> usage = new LinkedHashMap<>(Map.of("deep", 2L, "hits", 1L, "other", 4L));
		assertThat(hierarchy.propagate(usage)).isEqualTo(Map.of("deep", 2L, "search", 2L, "hits", 3L, "other", 4L));
		assertThat(MetricHierarchy.UNKNOWN.propagate(usage)).isEqualTo(usage);
	}

	@ParameterizedTest
	@ValueSource(ints = { 99, 1000, 0, -200 })
	void whenResponseCodeHasNotThreeDigitsThenIsRefused(int code) {
		Transaction transaction = Transaction.of(ApplicationCredentials.userKey("u"), Usage.HIT);
		assertRefused(() -> transaction.withResponseCode(code), "A response code has three digits, unlike " + code);
	}

	@Test
	void shouldBuildTransactionsStepByStep() {
		Instant time = Instant.parse("2026-11-23T03:04:00Z");
		assertThat(Transaction.of(ApplicationCredentials.userKey("u"), Usage.HIT).at(time).withResponseCode(204))
			.isEqualTo(new Transaction(ApplicationCredentials.userKey("u"), Usage.HIT, time, 204));
	}

	private static void assertRefused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
