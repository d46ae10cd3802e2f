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
 * The page that is generated from the documentation enums is up to date.
 */
class ObservationTests {

	private static final Pattern SECTION = Pattern.compile("(?s)Name: `(.*?)` (.*?)(?=\\n## |$)");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| `(.*?)` \\| (.*) \\|$");

	@Test
	void shouldListObservationsWithTheirKeys() {
		assertThat(SECTION.matcher(Page.named("observations.md").text()).results().map(ObservationTests::listed))
			.containsExactlyInAnyOrder(described(MeteringObservation.DECISION),
					described(ThreeScaleClientObservation.CALL));
	}

	private static String listed(MatchResult section) {
		return section.group(1) + keys(section.group(2), false) + keys(section.group(2), true);
	}

	private static String keys(String rows, boolean inSpansOnly) {
		return ROW.matcher(rows)
			.results()
			.filter((row) -> row.group(2).endsWith(" In spans only.") == inSpansOnly)
			.map((row) -> row.group(1))
			.toList()
			.toString();
	}

	private static String described(ObservationDocumentation observation) {
		return BeanUtils.instantiateClass(Objects.requireNonNull(observation.getDefaultConvention())).getName()
				+ names(observation.getLowCardinalityKeyNames()) + names(observation.getHighCardinalityKeyNames());
	}

	private static String names(KeyName[] keys) {
		return Stream.of(keys).map(KeyName::asString).sorted().toList().toString();
	}

}
