package io.threescale.spring.client;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.xml.annotation.JacksonXmlElementWrapper;
import tools.jackson.dataformat.xml.annotation.JacksonXmlProperty;

/**
 * The {@code <status>} of {@code protocol.md} 4.2, read by name. Not records, whose
 * constructors Jackson calls with a third more time and bytes for all of it.
 */
final class StatusDocument {

	@Nullable String reason;

	@Nullable String plan;

	@Nullable ApplicationElement application;

	@JacksonXmlElementWrapper(localName = "usage_reports")
	@JacksonXmlProperty(localName = "usage_report")
	List<UsageReportElement> usageReports = List.of();

	@JacksonXmlElementWrapper(localName = "app_keys")
	@JacksonXmlProperty(localName = "key")
	List<KeyElement> appKeys = List.of();

	@JacksonXmlElementWrapper(localName = "hierarchy")
	@JacksonXmlProperty(localName = "metric")
	List<MetricElement> hierarchy = List.of();

	static final class ApplicationElement {

		@Nullable String id;

		@Nullable String key;

		@JsonProperty("redirect_url")
		@Nullable String redirectUrl;

		@JsonProperty("redirect_uri")
		@Nullable String redirectUri;

	}

	static final class UsageReportElement {

		@Nullable String metric;

		@Nullable String period;

		boolean exceeded;

		@JsonProperty("period_start")
		@Nullable String periodStart;

		@JsonProperty("period_end")
		@Nullable String periodEnd;

		@JsonProperty("max_value")
		long maxValue;

		@JsonProperty("current_value")
		long currentValue;

	}

	static final class KeyElement {

		@Nullable String id;

	}

	static final class MetricElement {

		@Nullable String name;

		@Nullable String children;

	}

}
