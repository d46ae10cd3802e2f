package io.threescale.spring.client.reporting;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Usage that does not wait for others, as in strict mode.
 */
class ImmediateReportingTests {

	private final Fixture fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP).immediate(), 100,
			UsageSpool.none())
		.started();

	@Test
	void isReportedAtOnce() {
		this.fixture.know("anna");
		this.fixture.hit("anna", 2);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 2L));
		this.fixture.hit("anna", 3);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 5L));
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	@Test
	void gathersWhileAReportIsUnderWay() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.know("anna", "bert");
		for (int i = 0; i < 10; i++) {
			this.fixture.hit("anna");
			this.fixture.hit("bert");
		}
		assertThat(this.fixture.backend.requests()).hasSize(1);
		answer.tryEmitEmpty();
		assertThat(this.fixture.backend.requests()).hasSize(2);
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 20L));
	}

	/** 3scale counts a response code once a transaction. */
	@Test
	void callsWithAResponseCodeAreNotAddedUp() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> answer.asMono());
		this.fixture.know("anna");
		Transaction call = Transaction.of(ApplicationCredentials.userKey("anna"), Usage.HIT).withResponseCode(200);
		for (int i = 0; i < 10; i++) {
			this.fixture.report(call);
		}
		answer.tryEmitEmpty();
		assertThat(this.fixture.backend.requests()).hasSize(2);
		assertThat(this.fixture.backend.transactions()).hasSize(10)
			.extracting(Transaction::responseCode)
			.containsOnly(200);
		assertThat(this.fixture.statistics().pendingCounters()).isZero();
	}

	/** Else they would fill the book in an outage. */
	@Test
	void callsWithAResponseCodeAreAddedUpWhenTheyAreMany() {
		Fixture fixture = new Fixture(Fixture.settings(5, AmbiguousPolicy.DROP).immediate(), 100, UsageSpool.none())
			.started();
		fixture.backend.failReports(Failures.unsent());
		fixture.know("anna");
		Transaction call = Transaction.of(ApplicationCredentials.userKey("anna"), Usage.HIT).withResponseCode(200);
		for (int i = 0; i < 100; i++) {
			fixture.report(call);
		}
		assertThat(fixture.statistics().pendingCounters()).isEqualTo(5);
		assertThat(fixture.statistics().pendingUnits()).isEqualTo(100);
		fixture.backend.acceptReports();
		fixture.time.advance(Duration.ofMinutes(1));
		assertThat(fixture.backend.counted()).isEqualTo(Map.of("hits", 100L));
	}

	@Test
	void inAnOutageOneReportIsAtRisk() {
		this.fixture.know("anna");
		this.fixture.backend.failReports(Failures.ambiguous());
		this.fixture.backend.answers((request) -> {
			throw Failures.ambiguous();
		});
		for (int i = 0; i < 100; i++) {
			this.fixture.hit("anna");
			this.fixture.time.advance(Duration.ofSeconds(1));
		}
		assertThat(this.fixture.backend.requests()).hasSize(1);
		assertThat(this.fixture.statistics().ambiguousUnits()).isOne();
		this.fixture.backend.acceptReports();
		this.fixture.backend.answers((request) -> new Authorization.Granted(ApplicationStatus.UNKNOWN));
		this.fixture.time.advance(Duration.ofMinutes(1));
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 99L));
		assertThat(this.fixture.statistics().lostUnits()).isZero();
	}

	@Test
	void whatIsReportedIsForgotten() {
		this.fixture.know("anna");
		for (int i = 0; i < 1_000; i++) {
			this.fixture.hit("anna");
			this.fixture.time.jump(Duration.ofMillis(200));
		}
		assertThat(this.fixture.client.book().hasRoom()).isTrue();
		this.fixture.time.advance(Duration.ofMinutes(2));
		assertThat(this.fixture.client.book().applications()).isEmpty();
	}

	@Test
	void goesAtTheStop() {
		Sinks.Empty<Void> answer = Sinks.empty();
		this.fixture.backend.reports((request) -> (this.fixture.backend.requests().size() == 1)
				? Mono.error(Failures.unsent()) : answer.asMono());
		this.fixture.know("anna");
		this.fixture.hit("anna");
		answer.tryEmitEmpty();
		this.fixture.stop();
		assertThat(this.fixture.backend.counted()).isEqualTo(Map.of("hits", 1L));
		assertThat(List.of(this.fixture.statistics().lostUnits(), this.fixture.statistics().pendingUnits()))
			.containsOnly(0L);
	}

}
