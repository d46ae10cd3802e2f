package io.threescale.spring.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.OAuthApplication;
import io.threescale.spring.Period;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.StatusDocument.ApplicationElement;
import io.threescale.spring.client.StatusDocument.MetricElement;
import io.threescale.spring.client.StatusDocument.UsageReportElement;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.xml.XmlFactory;
import tools.jackson.dataformat.xml.XmlMapper;

/**
 * Reads the bodies of 3scale. They hold caller input that is not escaped, so a body may
 * be anything: one that does not parse tells nothing, and never changes a decision.
 */
final class AnswerReader {

	/** Jackson's own mark for the text of an element does not work on records. */
	private static final XmlFactory TEXT_AS_PROPERTY = XmlFactory.builder()
		.nameForTextElement(ErrorDocument.TEXT)
		.build();

	private static final XmlMapper XML = XmlMapper.builder(TEXT_AS_PROPERTY)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.changeDefaultVisibility((visible) -> visible.withFieldVisibility(Visibility.ANY))
		.build();

	private static final ObjectReader STATUS = XML.readerFor(StatusDocument.class);

	private static final ObjectReader ERROR = XML.readerFor(ErrorDocument.class);

	private final PeriodWindows windows = new PeriodWindows();

	ErrorDocument error(Answer answer) {
		@Nullable ErrorDocument error = read(ERROR, answer);
		return (error != null) ? error : ErrorDocument.EMPTY;
	}

	@Nullable StatusDocument document(Answer answer) {
		return read(STATUS, answer);
	}

	ApplicationStatus status(Answer answer, @Nullable StatusDocument document) {
		if (document == null) {
			return new ApplicationStatus(null, List.of(), limitHeaders(answer), MetricHierarchy.UNKNOWN, List.of(),
					null);
		}
		return new ApplicationStatus(document.plan, usageReports(document), limitHeaders(answer), hierarchy(document),
				appKeys(document), application(document.application));
	}

	private static <T> @Nullable T read(ObjectReader reader, Answer answer) {
		if (answer.body().length == 0) {
			return null;
		}
		try {
			return reader.readValue(answer.body());
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private List<UsageReport> usageReports(StatusDocument document) {
		List<UsageReport> reports = new ArrayList<>();
		for (UsageReportElement element : nullToEmpty(document.usageReports)) {
			if (element.metric != null && element.period != null) {
				reports.add(new UsageReport(element.metric, new Period(element.period),
						this.windows.between(element.periodStart, element.periodEnd), element.maxValue,
						element.currentValue, element.exceeded));
			}
		}
		return reports;
	}

	private static @Nullable LimitHeaders limitHeaders(Answer answer) {
		Long remaining = answer.number("3scale-limit-remaining");
		Long reset = answer.number("3scale-limit-reset");
		return (remaining != null && reset != null)
				? new LimitHeaders(remaining, reset, answer.number("3scale-limit-max-value")) : null;
	}

	private static MetricHierarchy hierarchy(StatusDocument document) {
		Map<String, List<String>> children = new LinkedHashMap<>();
		for (MetricElement metric : nullToEmpty(document.hierarchy)) {
			if (metric.name != null) {
				children.put(metric.name, words(metric.children));
			}
		}
		return new MetricHierarchy(children);
	}

	private static List<String> words(@Nullable String text) {
		return (text == null || text.isBlank()) ? List.of() : Arrays.asList(text.trim().split(" +"));
	}

	private static List<String> appKeys(StatusDocument document) {
		return nullToEmpty(document.appKeys).stream().map((key) -> key.id).filter(Objects::nonNull).toList();
	}

	private static @Nullable OAuthApplication application(@Nullable ApplicationElement element) {
		if (element == null || element.id == null) {
			return null;
		}
		String redirect = (element.redirectUrl != null) ? element.redirectUrl : element.redirectUri;
		return new OAuthApplication(element.id, emptyToNull(element.key), emptyToNull(redirect));
	}

	/** An element without content is read as {@code null}. */
	private static <T> List<T> nullToEmpty(@Nullable List<T> list) {
		return (list != null) ? list : List.of();
	}

	private static @Nullable String emptyToNull(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

}
