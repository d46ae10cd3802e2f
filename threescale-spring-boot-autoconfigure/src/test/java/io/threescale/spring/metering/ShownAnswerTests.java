package io.threescale.spring.metering;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.documentation.Page;
import io.threescale.spring.metering.problem.CallDeniedException;
import io.threescale.spring.metering.problem.MeteringProblems;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonWriter;
import org.springframework.context.support.StaticMessageSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The answer that the page about callers shows is the one that is given.
 */
class ShownAnswerTests {

	private static final Instant NOW = Instant.parse("2026-11-26T16:00:00Z");

	private static final PeriodWindow TODAY = new PeriodWindow(Instant.parse("2026-11-26T00:00:00Z"),
			Instant.parse("2026-11-27T00:00:00Z"));

	private final Page page = Page.named("callers.md");

	private final StaticMessageSource messages = new StaticMessageSource();

	@Test
	void shouldBeGiven() {
		String[] shown = this.page.block("text").split("\n\n");
		CallDeniedException denial = denial(ErrorCode.LIMITS_EXCEEDED,
				new UsageReport("tokens", Period.DAY, TODAY, 100, 95, false),
				new UsageReport("tokens", Period.ETERNITY, null, 5000, 1790, false));
		shown[0].lines().skip(1).map((header) -> header.split(": ", 2)).forEach((header) -> {
			if (!header[0].equals("Content-Type")) {
				assertThat(String.join(", ", denial.getHeaders().getOrEmpty(header[0]))).isEqualTo(header[1]);
			}
		});
		assertThat(JsonPath.<Map<String, Object>>read(body(denial), "$"))
			.isEqualTo(JsonPath.<Map<String, Object>>read(shown[1], "$"));
	}

	@Test
	void shouldBeGivenInOtherWords() throws IOException {
		Properties texts = new Properties();
		texts.load(new StringReader(this.page.block("properties")));
		texts.forEach((code, text) -> this.messages.addMessage(code.toString(), Locale.GERMAN, text.toString()));
		String day = body(
				denial(ErrorCode.LIMITS_EXCEEDED, new UsageReport("tokens", Period.DAY, TODAY, 100, 95, false)));
		assertThat(day).contains("\"Zu viele Aufrufe\"", "Der Tarif erlaubt 100 Token je Tag. Weiter geht es in ",
				"problem-types#quota-exceeded");
		assertThat(body(
				denial(ErrorCode.LIMITS_EXCEEDED, new UsageReport("tokens", Period.ETERNITY, null, 5000, 4999, false))))
			.contains("Der Tarif erlaubt insgesamt");
		assertThat(body(denial(ErrorCode.USER_KEY_INVALID))).contains("Diesen Schlüssel gibt es nicht.");
	}

	private String body(CallDeniedException denial) {
		return new String(new MeteringProblems(this.messages, JsonWriter.<Map<String, ?>>standard()::writeToString)
			.body(denial, Locale.GERMAN, "/complete"), StandardCharsets.UTF_8);
	}

	private static CallDeniedException denial(ErrorCode code, UsageReport... reports) {
		return new CallDeniedException(new Denied(code, null,
				new ApplicationStatus("basic", List.of(reports), null, MetricHierarchy.UNKNOWN, List.of(), null)),
				Usage.of("tokens", 10), NOW);
	}

}
