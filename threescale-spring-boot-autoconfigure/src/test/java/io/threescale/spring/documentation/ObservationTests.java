package io.threescale.spring.documentation;

import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;
import io.threescale.spring.observation.MeteringObservation;
import io.threescale.spring.observation.ThreeScaleClientObservation;
import org.junit.jupiter.api.Test;

import org.springframework.beans.BeanUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The observations and keys that operators read of are those of the documentation enums.
 */
class ObservationTests {

	private static final Pattern ROW = Pattern
		.compile("(?m)^\\| `(threescale\\.[a-z.]+)` \\| `3scale .*? \\| (.*?) \\|");

	private static final Pattern WORD = Pattern.compile("`([a-z-]+)`");

	@Test
	void shouldBeListedWithTheirKeys() {
		assertThat(ROW.matcher(Page.named("operations.md").text()).results().map(ObservationTests::listed))
			.containsExactlyInAnyOrder(described(MeteringObservation.DECISION),
					described(ThreeScaleClientObservation.CALL));
	}

	private static String listed(MatchResult row) {
		String[] keys = row.group(2).replaceAll("\\([^)]*\\)", "").split("in spans only:", 2);
		return row.group(1) + words(keys[0]) + words((keys.length > 1) ? keys[1] : "");
	}

	private static String words(String keys) {
		return WORD.matcher(keys).results().map((key) -> key.group(1)).sorted().toList().toString();
	}

	private static String described(ObservationDocumentation observation) {
		return BeanUtils.instantiateClass(Objects.requireNonNull(observation.getDefaultConvention())).getName()
				+ names(observation.getLowCardinalityKeyNames()) + names(observation.getHighCardinalityKeyNames());
	}

	private static String names(KeyName[] keys) {
		return Stream.of(keys).map(KeyName::asString).sorted().toList().toString();
	}

}
