package io.threescale.spring.client;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.xml.annotation.JacksonXmlElementWrapper;

/**
 * The {@code <status>} of {@code protocol.md} 4.2, read by name.
 */
record StatusDocument(@Nullable String reason, @Nullable String plan, @Nullable ApplicationElement application,
		@JsonProperty("usage_reports") @Nullable UsageReports usageReports,
		@JsonProperty("app_keys") @Nullable AppKeys appKeys, @Nullable Hierarchy hierarchy) {

	record ApplicationElement(@Nullable String id, @Nullable String key,
			@JsonProperty("redirect_url") @Nullable String redirectUrl,
			@JsonProperty("redirect_uri") @Nullable String redirectUri) {
	}

	record UsageReports(@JsonProperty("usage_report") @JacksonXmlElementWrapper(
			useWrapping = false) @Nullable List<UsageReportElement> reports) {
	}

	record UsageReportElement(@Nullable String metric, @Nullable String period, boolean exceeded,
			@JsonProperty("period_start") @Nullable String periodStart,
			@JsonProperty("period_end") @Nullable String periodEnd, @JsonProperty("max_value") long maxValue,
			@JsonProperty("current_value") long currentValue) {
	}

	record AppKeys(
			@JsonProperty("key") @JacksonXmlElementWrapper(useWrapping = false) @Nullable List<KeyElement> keys) {
	}

	record KeyElement(@Nullable String id) {
	}

	record Hierarchy(@JsonProperty("metric") @JacksonXmlElementWrapper(
			useWrapping = false) @Nullable List<MetricElement> metrics) {
	}

	record MetricElement(@Nullable String name, @Nullable String children) {
	}

}
