package io.threescale.spring.autoconfigure;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.StringUtils;

/**
 * What the tokens of chat responses of Spring AI are charged as.
 *
 * @param inputMetric System name of the metric that counts the tokens of prompts. They
 * are free if it is not set, or blank.
 * @param outputMetric System name of the metric that counts the tokens of responses. They
 * are free if it is not set, or blank. May be the same metric.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale.ai")
public record ThreeScaleAiProperties(@Nullable String inputMetric, @Nullable String outputMetric) {

	public ThreeScaleAiProperties {
		inputMetric = StringUtils.hasText(inputMetric) ? inputMetric : null;
		outputMetric = StringUtils.hasText(outputMetric) ? outputMetric : null;
	}

	/**
	 * Fail if a metric cannot be one, as each chat would.
	 */
	void verify() {
		verify("input-metric", this.inputMetric);
		verify("output-metric", this.outputMetric);
	}

	private static void verify(String property, @Nullable String metric) {
		InvalidThreeScaleConfigurationException.require(metric == null || !metric.matches(".*[\\[\\]].*"),
				"threescale.ai." + property, "a system name, without square brackets");
	}

	/**
	 * Return the first property that is set, or {@code null} if tokens are free.
	 */
	@Nullable String first() {
		if (this.inputMetric != null) {
			return "threescale.ai.input-metric";
		}
		return (this.outputMetric != null) ? "threescale.ai.output-metric" : null;
	}

	/**
	 * Return the system names of the metrics.
	 */
	Set<String> metrics() {
		return Stream.of(this.inputMetric, this.outputMetric).filter(Objects::nonNull).collect(Collectors.toSet());
	}

}
