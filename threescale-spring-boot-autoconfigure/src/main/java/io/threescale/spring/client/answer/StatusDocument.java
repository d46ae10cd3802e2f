package io.threescale.spring.client.answer;

import java.util.List;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.LimitHeaders;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.OAuthApplication;
import io.threescale.spring.UsageReport;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code <status>} of {@code protocol.md} 4.2 says.
 */
record StatusDocument(@Nullable String reason, @Nullable String plan, List<UsageReport> usageReports,
		MetricHierarchy hierarchy, List<String> appKeys, @Nullable OAuthApplication application) {

	static final StatusDocument EMPTY = new StatusDocument(null, null, List.of(), MetricHierarchy.UNKNOWN, List.of(),
			null);

	ApplicationStatus with(@Nullable LimitHeaders limitHeaders) {
		return new ApplicationStatus(this.plan, this.usageReports, limitHeaders, this.hierarchy, this.appKeys,
				this.application);
	}

}
