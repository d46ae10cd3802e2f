package io.threescale.spring.client.answer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.OAuthApplication;
import io.threescale.spring.Period;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads the bodies of 3scale. They hold caller input that is not escaped, so a body may
 * be anything: one that does not parse tells nothing, and never changes a decision.
 */
final class AnswerReader {

	private final PeriodWindows windows = new PeriodWindows();

	ErrorDocument error(Answer answer) {
		return read(answer, AnswerReader::error, ErrorDocument.EMPTY);
	}

	StatusDocument document(Answer answer) {
		return read(answer, this::document, StatusDocument.EMPTY);
	}

	ApplicationStatus status(Answer answer, StatusDocument document) {
		return document.with(limitHeaders(answer));
	}

	private static <T> T read(Answer answer, Function<XmlContent, T> reader, T nothing) {
		if (answer.body().length == 0) {
			return nothing;
		}
		try (XmlContent xml = new XmlContent(answer.body())) {
			T content = reader.apply(xml);
			xml.finish();
			return content;
		}
		catch (JacksonException | NumberFormatException ex) {
			return nothing;
		}
	}

	private static ErrorDocument error(XmlContent xml) {
		String code = null;
		String text = null;
		for (String name = xml.first(); name != null; name = xml.next()) {
			switch (name) {
				case "code" -> code = xml.text();
				case XmlContent.TEXT -> text = xml.text();
				default -> xml.skip();
			}
		}
		return new ErrorDocument(code, text);
	}

	/**
	 * What comes last counts: markup in a {@code <reason>} comes before what 3scale says.
	 */
	private StatusDocument document(XmlContent xml) {
		String reason = null;
		String plan = null;
		List<UsageReport> usageReports = List.of();
		MetricHierarchy hierarchy = MetricHierarchy.UNKNOWN;
		List<String> appKeys = List.of();
		OAuthApplication application = null;
		for (String name = xml.first(); name != null; name = xml.next()) {
			switch (name) {
				case "reason" -> reason = xml.text();
				case "plan" -> plan = xml.text();
				case "usage_reports" -> usageReports = usageReports(xml);
				case "hierarchy" -> hierarchy = hierarchy(xml);
				case "app_keys" -> appKeys = appKeys(xml);
				case "application" -> application = application(xml);
				default -> xml.skip();
			}
		}
		return new StatusDocument(reason, plan, usageReports, hierarchy, appKeys, application);
	}

	private List<UsageReport> usageReports(XmlContent xml) {
		List<UsageReport> reports = new ArrayList<>();
		xml.each("usage_report", () -> usageReport(xml, reports));
		return reports;
	}

	private void usageReport(XmlContent xml, List<UsageReport> reports) {
		String metric = null;
		String period = null;
		boolean exceeded = false;
		String start = null;
		String end = null;
		long max = 0;
		long current = 0;
		for (String name = xml.first(); name != null; name = xml.next()) {
			switch (name) {
				case "metric" -> metric = xml.text();
				case "period" -> period = xml.text();
				case "exceeded" -> exceeded = Boolean.parseBoolean(xml.text());
				case "period_start" -> start = xml.text();
				case "period_end" -> end = xml.text();
				case "max_value" -> max = xml.number();
				case "current_value" -> current = xml.number();
				default -> xml.skip();
			}
		}
		if (metric != null && period != null) {
			reports.add(new UsageReport(metric, new Period(period), this.windows.between(start, end), max, current,
					exceeded));
		}
	}

	private static MetricHierarchy hierarchy(XmlContent xml) {
		Map<String, List<String>> hierarchy = new LinkedHashMap<>();
		xml.each("metric", () -> metric(xml, hierarchy));
		return new MetricHierarchy(hierarchy);
	}

	private static void metric(XmlContent xml, Map<String, List<String>> hierarchy) {
		String metric = null;
		String children = null;
		for (String name = xml.first(); name != null; name = xml.next()) {
			switch (name) {
				case "name" -> metric = xml.text();
				case "children" -> children = xml.text();
				default -> xml.skip();
			}
		}
		if (metric != null) {
			hierarchy.put(metric, words(children));
		}
	}

	private static List<String> words(@Nullable String text) {
		return (text == null || text.isBlank()) ? List.of() : Arrays.asList(text.trim().split(" +"));
	}

	private static List<String> appKeys(XmlContent xml) {
		List<String> keys = new ArrayList<>();
		xml.each("key", () -> appKey(xml, keys));
		return keys;
	}

	private static void appKey(XmlContent xml, List<String> keys) {
		for (String name = xml.first(); name != null; name = xml.next()) {
			String value = xml.text();
			if (name.equals("id") && value != null) {
				keys.add(value);
			}
		}
	}

	private static @Nullable OAuthApplication application(XmlContent xml) {
		String id = null;
		String key = null;
		String redirectUrl = null;
		for (String name = xml.first(); name != null; name = xml.next()) {
			switch (name) {
				case "id" -> id = xml.text();
				case "key" -> key = xml.text();
				case "redirect_url", "redirect_uri" -> redirectUrl = xml.text();
				default -> xml.skip();
			}
		}
		return (id != null) ? new OAuthApplication(id, emptyToNull(key), emptyToNull(redirectUrl)) : null;
	}

	private static @Nullable String emptyToNull(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	private static @Nullable LimitHeaders limitHeaders(Answer answer) {
		Long remaining = answer.number("3scale-limit-remaining");
		Long reset = answer.number("3scale-limit-reset");
		return (remaining != null && reset != null)
				? new LimitHeaders(remaining, reset, answer.number("3scale-limit-max-value")) : null;
	}

}
