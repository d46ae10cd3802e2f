package io.threescale.spring.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.OAuthApplication;
import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.UsageReport;
import io.threescale.spring.client.RecordedExchange.RecordedAnswer;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Reads a recorded answer with the JDK's parser, for comparison with what the client
 * makes of it.
 */
final class RecordedStatus {

	private RecordedStatus() {
	}

	static ApplicationStatus of(RecordedAnswer answer) {
		Document document = parse(answer);
		if (document == null || !document.getDocumentElement().getTagName().equals("status")) {
			return new ApplicationStatus(null, List.of(), limitHeaders(answer), MetricHierarchy.UNKNOWN, List.of(),
					null);
		}
		List<UsageReport> reports = new ArrayList<>();
		for (Element report : elements(document.getDocumentElement(), "usage_report")) {
			reports.add(usageReport(report));
		}
		Map<String, List<String>> hierarchy = new LinkedHashMap<>();
		for (Element metric : elements(document.getDocumentElement(), "metric")) {
			String children = metric.getAttribute("children");
			hierarchy.put(metric.getAttribute("name"), children.isEmpty() ? List.of() : List.of(children.split(" ")));
		}
		List<String> keys = new ArrayList<>();
		for (Element appKeys : elements(document.getDocumentElement(), "app_keys")) {
			elements(appKeys, "key").forEach((key) -> keys.add(key.getAttribute("id")));
		}
		return new ApplicationStatus(text(document.getDocumentElement(), "plan"), reports, limitHeaders(answer),
				new MetricHierarchy(hierarchy), keys, application(document.getDocumentElement()));
	}

	/**
	 * Return the reason with whatever it quotes masked, or {@code null} if it cannot be
	 * read.
	 */
	static String reason(RecordedAnswer answer) {
		Document document = parse(answer);
		if (document == null) {
			return null;
		}
		String reason = document.getDocumentElement().getTagName().equals("error")
				? document.getDocumentElement().getTextContent() : text(document.getDocumentElement(), "reason");
		int first = reason.indexOf('"');
		int last = reason.lastIndexOf('"');
		return (first < 0) ? reason : reason.substring(0, first) + "\"****\"" + reason.substring(last + 1);
	}

	private static UsageReport usageReport(Element report) {
		String start = text(report, "period_start");
		String end = text(report, "period_end");
		PeriodWindow window = (start != null) ? new PeriodWindow(instant(start), instant(end)) : null;
		return new UsageReport(report.getAttribute("metric"), new Period(report.getAttribute("period")), window,
				Long.parseLong(text(report, "max_value")), Long.parseLong(text(report, "current_value")),
				report.getAttribute("exceeded").equals("true"));
	}

	private static Instant instant(String text) {
		return Instant.parse(text.replace(" +0000", "Z").replace(' ', 'T'));
	}

	private static LimitHeaders limitHeaders(RecordedAnswer answer) {
		String remaining = answer.header("3scale-limit-remaining");
		String max = answer.header("3scale-limit-max-value");
		return (remaining == null) ? null : new LimitHeaders(Long.parseLong(remaining),
				Long.parseLong(answer.header("3scale-limit-reset")), (max != null) ? Long.valueOf(max) : null);
	}

	private static OAuthApplication application(Element status) {
		List<Element> applications = elements(status, "application");
		if (applications.isEmpty()) {
			return null;
		}
		Element application = applications.get(0);
		String redirect = text(application, "redirect_url");
		redirect = (redirect != null) ? redirect : text(application, "redirect_uri");
		return new OAuthApplication(text(application, "id"), nullIfEmpty(text(application, "key")),
				nullIfEmpty(redirect));
	}

	private static String nullIfEmpty(String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	private static String text(Element parent, String name) {
		List<Element> elements = elements(parent, name);
		return elements.isEmpty() ? null : elements.get(0).getTextContent();
	}

	private static List<Element> elements(Element parent, String name) {
		NodeList nodes = parent.getElementsByTagName(name);
		List<Element> elements = new ArrayList<>();
		for (int i = 0; i < nodes.getLength(); i++) {
			elements.add((Element) nodes.item(i));
		}
		return elements;
	}

	private static Document parse(RecordedAnswer answer) {
		if (answer.body().length == 0) {
			return null;
		}
		try {
			DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
			builder.setErrorHandler(null);
			return builder.parse(new ByteArrayInputStream(answer.body()));
		}
		catch (SAXException ex) {
			return null;
		}
		catch (IOException | ParserConfigurationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
