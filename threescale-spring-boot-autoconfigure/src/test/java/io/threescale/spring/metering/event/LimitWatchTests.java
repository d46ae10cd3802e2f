package io.threescale.spring.metering.event;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.MetricHierarchy;
import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;
import io.threescale.spring.Usage;
import io.threescale.spring.UsageReport;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringOutcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is told of answers that overtake each other.
 */
class LimitWatchTests {

	private static final Instant BEGIN = Instant.parse("2026-11-26T16:00:00Z");

	private final List<Object> told = new ArrayList<>();

	private final LimitWatch watch = new LimitWatch(List.of(0.8), new ApplicationNames("secret"), this.told::add,
			Clock.systemUTC());

	@Test
	void whenAnAnswerOfTheMinuteBeforeComesLateThenNothingIsToldAgain() {
		granted(1);
		granted(0);
		granted(1);
		assertThat(this.told).hasSize(1);
		granted(2);
		assertThat(this.told).hasSize(2);
	}

	private void granted(int minute) {
		PeriodWindow window = new PeriodWindow(BEGIN.plusSeconds(60L * minute), BEGIN.plusSeconds(60L * (minute + 1)));
		ApplicationStatus status = new ApplicationStatus("basic",
				List.of(new UsageReport("hits", Period.MINUTE, window, 100, 90, false)), null, MetricHierarchy.UNKNOWN,
				List.of(), null);
		this.watch.decided(new MeteringDecision(MeteredOperation.of("search", Usage.HIT), "1001",
				ApplicationCredentials.userKey("key-1"), MeteringOutcome.GRANTED, new Granted(status), null));
	}

}
