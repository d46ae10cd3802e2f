package io.threescale.spring.client.answer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.OAuthApplication;
import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.RecordedExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerReaderTests {

	private static final String REPORT = "<usage_report metric=\"hits\" period=\"eternity\"><max_value>%s</max_value>"
			+ "<current_value>%s</current_value></usage_report>";

	private final AnswerReader reader = new AnswerReader();

	@ParameterizedTest
	@ValueSource(strings = { "", "<usage_reports/>", "<usage_reports></usage_reports>",
			"<usage_reports></usage_reports><app_keys/><hierarchy></hierarchy><application/>",
			"<app_keys app=\"a\" svc=\"1\"/><hierarchy a=\"b\"/><application><id/></application>",
			"<usage_reports><usage_report/></usage_reports>",
			"<usage_reports>text</usage_reports><hierarchy>text</hierarchy>",
			"<usage_reports><usage_report metric=\"a\"/></usage_reports><app_keys><key/></app_keys>" })
	void whenElementsAreEmptyThenThereIsNothing(String content) {
		ApplicationStatus status = status("<status>" + content + "<plan>basic</plan></status>");
		assertThat(status.usageReports()).isEmpty();
		assertThat(status.appKeys().stream().filter((key) -> !key.isEmpty())).isEmpty();
		assertThat(status.hierarchy().children()).isEmpty();
		assertThat(status.plan()).as("what comes after them").isEqualTo("basic");
	}

	@ParameterizedTest
	@ValueSource(strings = { "<status/>", "<status></status>", "<status>text</status>", "<status a=\"b\"/>" })
	void whenThereIsNoContentThenThereIsNothing(String body) {
		assertThat(status(body)).isEqualTo(ApplicationStatus.UNKNOWN);
	}

	/**
	 * A key may hold markup, and 3scale writes it as it is into what comes first.
	 */
	@Test
	void whenElementsComeTwiceThenTheLastCounts() {
		String first = "<usage_reports>" + REPORT.formatted(1, 1) + "</usage_reports>"
				+ "<hierarchy><metric name=\"a\" children=\"b\"/></hierarchy><app_keys><key id=\"a\"/></app_keys>";
		String last = "<usage_reports>" + REPORT.formatted(2, 2) + "</usage_reports>"
				+ "<hierarchy><metric name=\"c\" children=\"d\"/></hierarchy><app_keys><key id=\"b\"/></app_keys>";
		assertThat(status(
				"<status><reason>" + first + "</reason><plan>a</plan>" + first + "<plan>b</plan>" + last + "</status>"))
			.isEqualTo(status("<status><plan>b</plan>" + last + "</status>"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			key "<b a="1">x</b><c/>" is invalid | key "
			<b/>key                             | key
			<b>key</b>                          |
			k&lt;e&amp;y<![CDATA[<>]]>          | k<e&y<>
			""")
	void whenReasonHoldsMarkupThenIsReadUpToIt(String reason, String text) {
		String body = "<status><reason>" + reason + "</reason></status>";
		assertThat(this.reader.document(answer(body)).reason()).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "<status><plan>a</plan>", "<status><plan>a</plan></status></status>",
			"<status><plan>a</plan></status><status/>", "<status><plan>a</plan></status>text",
			"<status><plan>a</plan><usage_reports><usage_report><max_value>1.5</max_value></usage_report>"
					+ "</usage_reports></status>",
			"<status><plan>a</plan><x>&unknown;</x></status>", "\u0000<status><plan>a</plan></status>" })
	void whenDocumentIsNotAsItShouldBeThenTellsNothing(String body) {
		assertThat(status(body)).isEqualTo(ApplicationStatus.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 300 })
	void shouldReadOneReportOrMany(int count) {
		String reports = REPORT.formatted("9223372036854775807", "4294967296").repeat(count);
		assertThat(status("<status><usage_reports>" + reports + "</usage_reports></status>").usageReports())
			.hasSize(count)
			.containsOnly(new UsageReport("hits", Period.ETERNITY, null, Long.MAX_VALUE, 4_294_967_296L, false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "+0000", "+00:00" })
	void shouldReadBothFormsOfATime(String offset) {
		String body = "<status><usage_reports><usage_report exceeded=\"true\" metric=\"a &amp; &lt;b&gt;\" period=\"fortnight\">"
				+ "<period_start>2026-11-23 00:00:00 %1$s</period_start><period_end>2026-12-07 00:00:00 %1$s</period_end>"
				+ "<max_value> 1 </max_value><current_value>2</current_value></usage_report></usage_reports></status>";
		assertThat(status(body.formatted(offset)).usageReports())
			.containsExactly(new UsageReport("a & <b>", new Period("fortnight"),
					new PeriodWindow(Instant.parse("2026-11-23T00:00:00Z"), Instant.parse("2026-12-07T00:00:00Z")), 1,
					2, true));
	}

	@Test
	void whenTimeCannotBeReadThenTheReportStays() {
		String body = "<status><usage_reports><usage_report metric=\"a\" period=\"day\"><period_start>today</period_start>"
				+ "<period_end>tomorrow</period_end></usage_report></usage_reports></status>";
		assertThat(status(body).usageReports()).containsExactly(new UsageReport("a", Period.DAY, null, 0, 0, false));
	}

	@Test
	void shouldReadKeysHierarchyAndApplication() {
		String body = "<?xml version=\"1.0\"?>\n<status>\n <authorized>true</authorized>\n <user_plan>old</user_plan>\n"
				+ "<application> <id>app-7</id><key></key><redirect_uri/></application><plan>Gold &amp; é</plan>"
				+ "<app_keys app=\"a\" svc=\"1\"><key id=\"k1\"/>\n<key id=\"k&lt;2\"/></app_keys><hierarchy>"
				+ "<metric name=\"hits\" children=\"search list\"/><metric name=\"hits\" children=\"search list\"/>"
				+ "<metric name=\"storage\" children=\"\"/><metric/></hierarchy></status>";
		ApplicationStatus status = status(body);
		assertThat(status.plan()).isEqualTo("Gold & é");
		assertThat(status.appKeys()).containsExactly("k1", "k<2");
		assertThat(status.hierarchy().children())
			.isEqualTo(Map.of("hits", List.of("search", "list"), "storage", List.of()));
		assertThat(status.application()).isEqualTo(new OAuthApplication("app-7", null, null));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			<error code="c">t &lt;a&gt; "b"</error>          | c | t <a> "b"
			<error code="c"/>                                | c |
			<error code="c"></error>                         | c |
			<error>t</error>                                 |   | t
			<error/>                                         |   |
			<html><body>Not found</body></html>              |   |
			not XML                                          |   |
			<error code="c">broken                           |   |
			""")
	void shouldReadErrors(String body, String code, String text) {
		assertThat(this.reader.error(answer(body))).isEqualTo(new ErrorDocument(code, text));
	}

	@ParameterizedTest
	@CsvSource({ "0, 60, 10, true", "-1, -1, , true", "x, 60, 10, false", "1, , 10, false" })
	void shouldReadLimitHeadersIfTheyAreNumbers(String remaining, String reset, Long max, boolean there) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("3scale-limit-remaining", remaining);
		headers.set("3scale-limit-reset", (reset != null) ? reset : "");
		if (max != null) {
			headers.set("3scale-limit-max-value", max.toString());
		}
		LimitHeaders expected = there ? new LimitHeaders(Long.parseLong(remaining), Long.parseLong(reset), max) : null;
		assertThat(this.reader.status(new Answer(200, headers, new byte[0]), StatusDocument.EMPTY).limitHeaders())
			.isEqualTo(expected);
	}

	/**
	 * Whatever arrives, reading it never fails: that would change the decision.
	 */
	@ParameterizedTest
	@MethodSource("bodies")
	void whenBodyIsDamagedThenIsReadAsFarAsItMakesSense(byte[] body) {
		Random random = new Random(body.length);
		for (int i = 0; i < 500; i++) {
			byte[] damaged = body.clone();
			for (int j = random.nextInt(5); j >= 0; j--) {
				damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
			}
			Answer answer = new Answer(200, new HttpHeaders(), damaged);
			assertThat(this.reader.status(answer, this.reader.document(answer))).isNotNull();
			assertThat(this.reader.error(answer)).isNotNull();
		}
	}

	static Stream<byte[]> bodies() {
		return Stream
			.of("ext-all", "oauth_authrep-ok", "authrep-user_key_invalid", "authrep-application_key_invalid-markup",
					"redis-down-authrep")
			.map((name) -> RecordedExchange.named(name).answer().body());
	}

	private ApplicationStatus status(String body) {
		Answer answer = answer(body);
		return this.reader.status(answer, this.reader.document(answer));
	}

	private static Answer answer(String body) {
		return new Answer(200, new HttpHeaders(), body.getBytes(StandardCharsets.UTF_8));
	}

}
