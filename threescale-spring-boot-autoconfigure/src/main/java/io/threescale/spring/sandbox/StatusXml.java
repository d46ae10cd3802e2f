package io.threescale.spring.sandbox;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Writes the documents of 3scale. Like the backend it escapes plan, redirect URL and
 * error text and nothing else, so clients meet the same broken documents.
 */
final class StatusXml {

	private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private StatusXml() {
	}

	static String error(Refusal refusal) {
		return DECLARATION + "<error code=\"" + refusal.code() + "\">" + text(refusal.text()) + "</error>";
	}

	static String status(Decision decision) {
		AuthorizeCall call = decision.call();
		StringBuilder xml = new StringBuilder(DECLARATION).append("<status>");
		Denial denial = decision.denial();
		xml.append(element("authorized", Boolean.toString(denial == null)));
		if (denial != null) {
			xml.append(element("reason", denial.reason()));
		}
		if (call.operation().oauth()) {
			xml.append(application(call));
		}
		xml.append(element("plan", text(call.service().planOf(call.application()).name())));
		xml.append(usageReports(decision));
		xml.append(call.extensions().listAppKeys() ? applicationKeys(call) : "");
		xml.append(call.extensions().hierarchy() ? hierarchy(decision) : "");
		return xml.append("</status>").toString();
	}

	private static String application(AuthorizeCall call) {
		List<String> keys = call.application().keys();
		return "<application>" + element("id", call.application().id())
				+ element("key", keys.isEmpty() ? "" : keys.get(0))
				+ element(call.redirectName(), text(call.application().redirectUrl())) + "</application>";
	}

	private static String usageReports(Decision decision) {
		if (decision.limits().isEmpty()) {
			return "";
		}
		RequestedUsage counted = decision.counted();
		StringBuilder xml = new StringBuilder("<usage_reports>");
		for (LimitState state : decision.limits()) {
			xml.append("<usage_report metric=\"").append(state.limit().metric());
			xml.append("\" period=\"").append(state.limit().period()).append('"');
			xml.append(state.exceeded() ? " exceeded=\"true\">" : ">");
			if (state.window() != null) {
				xml.append(element("period_start", time(state.window().start())));
				xml.append(element("period_end", time(state.window().end())));
			}
			xml.append(element("max_value", Long.toString(state.limit().max())));
			xml.append(element("current_value", state.shown(counted).toString()));
			xml.append("</usage_report>");
		}
		return xml.append("</usage_reports>").toString();
	}

	private static String applicationKeys(AuthorizeCall call) {
		StringBuilder xml = new StringBuilder("<app_keys app=\"").append(call.application().id());
		xml.append("\" svc=\"").append(call.serviceId()).append("\">");
		call.application().keys().stream().limit(256).forEach((key) -> xml.append("<key id=\"" + key + "\"/>"));
		return xml.append("</app_keys>").toString();
	}

	private static String hierarchy(Decision decision) {
		StringBuilder xml = new StringBuilder("<hierarchy>");
		for (LimitState state : decision.limits()) {
			String metric = state.limit().metric();
			xml.append("<metric name=\"").append(metric).append("\" children=\"");
			xml.append(decision.call().metrics().childrenOf(metric)).append("\"/>");
		}
		return xml.append("</hierarchy>").toString();
	}

	private static String element(String name, String content) {
		return "<" + name + ">" + content + "</" + name + ">";
	}

	private static String time(Instant instant) {
		return TIME.format(instant);
	}

	static String text(@Nullable String raw) {
		String escaped = (raw != null) ? raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") : "";
		return escaped.replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "\uFFFD");
	}

}
