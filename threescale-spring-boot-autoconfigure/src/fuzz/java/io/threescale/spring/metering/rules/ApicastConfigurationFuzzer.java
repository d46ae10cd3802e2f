package io.threescale.spring.metering.rules;

import java.nio.charset.StandardCharsets;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.threescale.spring.metering.ChargeOn;

import org.springframework.core.io.ByteArrayResource;

/**
 * Whatever file is named: it yields rules, or the failure that names it.
 */
public final class ApicastConfigurationFuzzer {

	private static final String NAME = "apicast.json";

	private ApicastConfigurationFuzzer() {
	}

	/**
	 * Take over one file.
	 * @param data what it is made of
	 */
	public static void fuzzerTestOneInput(FuzzedDataProvider data) {
		byte[] file = data.consumeBoolean() ? oneRule(data).getBytes(StandardCharsets.UTF_8) : data.consumeRemainingAsBytes();
		try {
			new MappingRules(new ApicastConfiguration(new ByteArrayResource(file, NAME), ChargeOn.ADMISSION).rules("1"));
		}
		catch (InvalidMappingRulesException ex) {
			if (!ex.getMessage().contains(NAME)) {
				throw new AssertionError("The failure does not name the file", ex);
			}
		}
	}

	/** So that patterns are tried more often than the places of braces. */
	private static String oneRule(FuzzedDataProvider data) {
		return """
				{"services": [{"id": 1, "proxy": {"proxy_rules": [{"http_method": "GET", "metric_system_name": "hits",
				 "delta": 1, "pattern": "/%s"}]}}]}""".formatted(data.consumeRemainingAsString());
	}

}
