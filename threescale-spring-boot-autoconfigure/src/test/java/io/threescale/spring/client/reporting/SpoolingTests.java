package io.threescale.spring.client.reporting;

import java.io.IOError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.reporting.spool.FullDisk;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

@ExtendWith(OutputCaptureExtension.class)
class SpoolingTests {

	private static final Duration TICK = Duration.ofMillis(100);

	@TempDir
	private Path directory;

	private int copies;

	@AfterEach
	void freeTheDisk() {
		FullDisk.full(false);
	}

	@Test
	void usageOutlivesItsProcessWithItsTime() throws Exception {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.hit("anna", 3);
		first.time.advance(TICK);
		first.hit("anna", 4);
		Fixture second = fixture(AmbiguousPolicy.DROP, diedNow());
		second.time.advance(Duration.ofMinutes(5));
		assertThat(second.backend.transactions()).singleElement().satisfies((transaction) -> {
			assertThat(transaction.timestamp()).isEqualTo(Instant.parse("2026-11-23T03:04:00Z"));
			assertThat(transaction.usage().increments()).isEqualTo(Map.of("hits", 3L));
		});
	}

	@Test
	void usageOfManyApplicationsIsSpooledAtOnce() throws Exception {
		Fixture first = new Fixture(Fixture.settings(5000, AmbiguousPolicy.DROP), 100_000,
				MvStoreUsageSpool.open(this.directory))
			.started();
		for (int i = 0; i < 2500; i++) {
			first.hit("app" + i);
		}
		first.time.advance(TICK);
		assertThat(fixture(AmbiguousPolicy.DROP, diedNow()).statistics().pendingUnits()).isEqualTo(2500);
	}

	@ParameterizedTest
	@EnumSource(AmbiguousPolicy.class)
	void whatWasBeingSentIsAmbiguousAfterARestart(AmbiguousPolicy policy) throws Exception {
		Fixture first = fixture(policy, this.directory);
		first.backend.reports((request) -> Mono.never());
		first.hit("anna", 3);
		first.client.flush().subscribe();
		Fixture second = fixture(policy, diedNow());
		assertThat(second.statistics().ambiguousUnits()).isEqualTo(3);
		second.client.flush().block();
		boolean drop = policy == AmbiguousPolicy.DROP;
		assertThat(second.backend.counted()).isEqualTo(drop ? Map.of() : Map.of("hits", 3L));
	}

	@Test
	void whatWasDeliveredOrBuriedIsNotReportedAgain() throws Exception {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.hit("anna");
		first.time.advance(TICK);
		first.client.flush().block();
		first.backend.failReports(Failures.misconfigured(ErrorCode.METRIC_INVALID));
		first.hit("bert");
		first.time.advance(TICK);
		first.client.flush().block();
		assertThat(first.deadLetters).hasSize(1);
		Fixture second = fixture(AmbiguousPolicy.DROP, diedNow());
		assertThat(second.statistics().pendingCounters()).isZero();
		assertThat(second.statistics().ambiguousUnits()).isZero();
	}

	@Test
	void whatCouldNotBeSentIsReportedByTheNext() throws Exception {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.backend.failReports(Failures.unsent());
		first.hit("anna", 3);
		first.client.flush().block();
		first.hit("anna", 4);
		first.client.flush().block();
		Fixture second = fixture(AmbiguousPolicy.DROP, diedNow());
		second.client.flush().block();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 7L));
		assertThat(second.statistics().ambiguousUnits()).isZero();
	}

	@Test
	void aStopLeavesTheRestToTheNext(CapturedOutput output) {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.backend.failReports(Failures.unsent());
		first.hit("anna", 3);
		first.stop();
		assertThat(first.statistics().lostUnits()).isZero();
		assertThat(output).doesNotContain("lost");
		Fixture second = fixture(AmbiguousPolicy.DROP, this.directory);
		assertThat(second.statistics().pendingUnits()).isEqualTo(3);
		assertThat(output).doesNotContain("anna");
		second.stop();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 3L));
	}

	@Test
	void aStopThatGetsNoAnswerLeavesTheRestToTheNext() {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.backend.failReports(Failures.ambiguous());
		first.hit("anna", 3);
		first.hitApart("bert", 3);
		first.stop();
		assertThat(first.statistics().ambiguousUnits()).isEqualTo(3);
		assertThat(first.statistics().lostUnits()).isZero();
		Fixture second = fixture(AmbiguousPolicy.DROP, this.directory);
		second.stop();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 3L));
	}

	@Test
	void aStopThatGetsNoAnswerSendsNothingMore() throws Exception {
		Sinks.Empty<Void> first = Sinks.empty();
		Fixture fixture = new Fixture(Fixture.settings(1, AmbiguousPolicy.DROP), 100,
				MvStoreUsageSpool.open(this.directory))
			.started();
		fixture.backend.reports((request) -> (fixture.backend.requests().size() == 1) ? first.asMono()
				: Mono.error(Failures.ambiguous()));
		fixture.hit("anna");
		fixture.hit("bert");
		fixture.hit("cleo");
		Thread stop = new Thread(fixture::stop);
		stop.start();
		await().until(() -> !fixture.client.isRunning());
		first.tryEmitEmpty();
		stop.join();
		assertThat(fixture.backend.requests()).hasSize(2);
		Fixture second = fixture(AmbiguousPolicy.DROP, this.directory);
		assertThat(second.statistics().ambiguousUnits()).isZero();
		second.stop();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void anInterruptedStopLeavesTheRestToTheNext() {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.backend.failReports(Failures.unsent());
		first.hit("anna", 3);
		Thread.currentThread().interrupt();
		assertThatAnInterruptedStopLeaves(3, first);
	}

	@Test
	void soDoesAStopThatIsInterruptedWhileItWaits() {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		Thread stopping = Thread.currentThread();
		first.backend.reports((request) -> Mono.<Void>never().doOnSubscribe((wait) -> stopping.interrupt()));
		first.hit("anna", 3);
		first.hitApart("bert", 3);
		assertThatAnInterruptedStopLeaves(3, first);
	}

	private void assertThatAnInterruptedStopLeaves(long units, Fixture first) {
		first.stop();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(first.statistics().lostUnits()).isZero();
		Fixture second = fixture(AmbiguousPolicy.DROP, this.directory);
		assertThat(second.statistics().pendingUnits()).isEqualTo(units);
		second.stop();
	}

	@Test
	void whileTheDiskIsFullUsageIsReportedFromMemory(CapturedOutput output) {
		Fixture fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, FullDisk.spool(this.directory))
			.started();
		fixture.hit("before");
		fixture.time.advance(TICK);
		FullDisk.full(true);
		fixture.hit("first");
		fixture.time.advance(TICK);
		fixture.hit("second");
		fixture.hit("third");
		fixture.time.advance(TICK);
		fixture.client.flush().block();
		assertThat(fixture.backend.transactions()).extracting(Transaction::application)
			.containsExactlyInAnyOrder(key("first"), key("second"), key("third"));
		assertThat(fixture.statistics().spoolFailures()).isPositive();
		assertThat(output.getOut().split("not written to the spool", -1)).hasSize(2);
		FullDisk.full(false);
		fixture.client.flush().block();
		assertThat(fixture.backend.counted()).isEqualTo(Map.of("hits", 4L));
		fixture.stop();
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			assertThat(spool.load()).isEmpty();
		}
	}

	@Test
	void whatWasUsedWhileTheDiskWasFullIsSpooledAfterwards() throws Exception {
		Fixture first = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, FullDisk.spool(this.directory))
			.started();
		FullDisk.full(true);
		first.hit("anna", 3);
		first.time.advance(TICK);
		FullDisk.full(false);
		first.time.advance(TICK);
		Fixture second = fixture(AmbiguousPolicy.DROP, diedNow());
		second.client.flush().block();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 3L));
	}

	@Test
	void whatWasDeliveredWhileTheDiskWasFullIsNotReportedAgain() throws Exception {
		Fixture first = whileTheDiskIsFull(Mono.empty());
		assertThat(first.backend.counted()).isEqualTo(Map.of("hits", 3L));
		Fixture second = fixture(AmbiguousPolicy.RETRY, diedNow());
		second.client.flush().block();
		assertThat(second.backend.counted()).isEmpty();
	}

	@Test
	void whatCouldNotBeSentWhileTheDiskWasFullIsReportedByTheNext() throws Exception {
		whileTheDiskIsFull(Mono.error(Failures.unsent()));
		Fixture second = fixture(AmbiguousPolicy.DROP, diedNow());
		second.client.flush().block();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 3L));
	}

	@Test
	void whatCouldNotBeSentDoesNotLeaveWithWhatTheFullDiskDoesNotHold() throws Exception {
		Fixture first = new Fixture(Fixture.settings(500, AmbiguousPolicy.RETRY), 100, FullDisk.spool(this.directory))
			.started();
		first.backend.reports((request) -> Mono.<Void>error(Failures.unsent()).doOnSubscribe((sent) -> {
			FullDisk.full(true);
			first.hit("anna", 4);
		}));
		first.hit("anna", 3);
		first.time.advance(TICK);
		first.client.flush().block();
		first.backend.reports((request) -> Mono.empty());
		first.client.flush().block();
		assertThat(first.backend.counted()).isEqualTo(Map.of("hits", 4L));
		Fixture second = fixture(AmbiguousPolicy.RETRY, diedNow());
		second.client.flush().block();
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 3L));
	}

	/** The disk is full from when a report is sent until it is over. */
	private Fixture whileTheDiskIsFull(Mono<Void> report) {
		Fixture fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, FullDisk.spool(this.directory))
			.started();
		fixture.backend.reports((request) -> report.doOnSubscribe((sent) -> FullDisk.full(true)));
		fixture.hit("anna", 3);
		fixture.time.advance(TICK);
		fixture.client.flush().block();
		assertThat(fixture.statistics().spoolFailures()).isPositive();
		FullDisk.full(false);
		fixture.time.advance(TICK);
		return fixture;
	}

	@Test
	void aSpoolThatBreaksInAnUnforeseenWayHoldsNothingUp() {
		UsageSpool spool = mock();
		given(spool.isDurable()).willReturn(true);
		willThrow(new IOError(new IOException("gone"))).given(spool).write(any(), any());
		Fixture fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, spool).started();
		fixture.hit("anna", 3);
		fixture.client.deliver(ApplicationCredentials.userKey("anna")).block();
		assertThat(fixture.backend.counted()).isEqualTo(Map.of("hits", 3L));
		assertThat(fixture.statistics().pendingCounters()).isZero();
		assertThat(fixture.statistics().spoolFailures()).isPositive();
		then(spool).should(never()).write(any(), argThat((removed) -> !removed.isEmpty()));
	}

	@Test
	void aDiskThatStaysFullLosesNothingThatItHas() {
		Fixture fixture = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100, FullDisk.spool(this.directory))
			.started();
		fixture.hit("before", 5);
		fixture.time.advance(TICK);
		FullDisk.full(true);
		fixture.hit("before", 2);
		fixture.hit("after", 6);
		fixture.stop();
		FullDisk.full(false);
		Fixture second = fixture(AmbiguousPolicy.DROP, this.directory);
		second.client.flush().block();
		long counted = fixture.backend.counted().getOrDefault("hits", 0L)
				+ second.backend.counted().getOrDefault("hits", 0L);
		assertThat(counted).isEqualTo(13 - fixture.statistics().lostUnits());
	}

	private static ApplicationCredentials key(String value) {
		return ApplicationCredentials.userKey(value);
	}

	@Test
	void applicationsThatWereKnownShareARequestAfterARestart() throws Exception {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		for (int i = 0; i < 50; i++) {
			first.know("app" + i);
			first.hit("app" + i);
		}
		first.time.advance(TICK);
		Path left = diedNow();
		Fixture second = fixture(AmbiguousPolicy.DROP, left);
		second.know("somebody");
		second.client.flush().block();
		assertThat(second.backend.requests()).hasSize(1);
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 50L));
	}

	@Test
	void applicationsThatWereKnownTooLongAgoAreAskedAboutAgain() throws Exception {
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		first.know("anna", "bert");
		first.hit("anna");
		first.hit("bert");
		first.time.advance(TICK);
		Fixture second = new Fixture(Fixture.settings(500, AmbiguousPolicy.DROP), 100,
				MvStoreUsageSpool.open(diedNow()));
		second.time.jump(Duration.ofMinutes(11));
		second.started();
		second.know("somebody");
		second.client.flush().block();
		assertThat(second.backend.questions()).extracting(AuthorizationRequest::application)
			.contains(ApplicationCredentials.userKey("anna"), ApplicationCredentials.userKey("bert"));
		assertThat(second.backend.counted()).isEqualTo(Map.of("hits", 2L));
	}

	@ParameterizedTest
	@EnumSource(AmbiguousPolicy.class)
	void aStopWhileSomethingIsBeingSentCountsItOnce(AmbiguousPolicy policy) {
		Fixture first = fixture(policy, this.directory);
		first.backend.reports((request) -> Mono.never());
		first.hit("anna", 29);
		first.client.flush().subscribe();
		first.client.stop(Duration.ofMillis(20));
		assertThat(first.statistics().ambiguousUnits()).isEqualTo(29);
		assertThat(first.statistics().lostUnits()).isZero();
		Fixture second = fixture(policy, this.directory);
		assertThat(second.statistics().ambiguousUnits()).isZero();
		second.client.flush().block();
		assertThat(second.backend.counted())
			.isEqualTo((policy == AmbiguousPolicy.DROP) ? Map.of() : Map.of("hits", 29L));
		second.stop();
	}

	@Test
	void whatOneProcessWasSendingIsAmbiguousToTheNextAndNotToTheOneAfter() {
		MemorySpool spool = new MemorySpool();
		Fixture first = new Fixture(Fixture.settings(500, AmbiguousPolicy.RETRY), 100, spool).started();
		first.backend.reports((request) -> Mono.never());
		first.hit("anna", 3);
		first.client.flush().subscribe();
		MemorySpool left = spool.copy();
		Fixture second = new Fixture(Fixture.settings(500, AmbiguousPolicy.RETRY), 100, left).started();
		assertThat(second.statistics().ambiguousUnits()).isEqualTo(3);
		second.time.advance(TICK);
		Fixture third = new Fixture(Fixture.settings(500, AmbiguousPolicy.RETRY), 100, left.copy()).started();
		assertThat(third.statistics().ambiguousUnits()).isZero();
		assertThat(third.statistics().pendingUnits()).isEqualTo(3);
	}

	@Test
	void unitsThatAreSentAgainAndAgainAreAmbiguousOnce() {
		Fixture fixture = fixture(AmbiguousPolicy.RETRY, this.directory);
		fixture.backend.failReports(Failures.ambiguous());
		fixture.hit("anna", 5);
		fixture.time.advance(Duration.ofMinutes(5));
		assertThat(fixture.backend.requests().size()).isGreaterThan(3);
		assertThat(fixture.statistics().ambiguousUnits()).isEqualTo(5);
		fixture.backend.acceptReports();
		fixture.time.advance(Duration.ofMinutes(2));
		assertThat(fixture.statistics().deliveredUnits()).isZero();
		fixture.stop();
	}

	@Test
	void aDirectoryThatIsDeletedIsWrittenAnewAndSaidSo(CapturedOutput output) throws Exception {
		Path spool = this.directory.resolve("spool");
		Fixture fixture = fixture(AmbiguousPolicy.DROP, spool);
		fixture.hit("anna", 3);
		fixture.time.advance(TICK);
		FileSystemUtils.deleteRecursively(spool);
		fixture.hit("bert", 4);
		fixture.time.advance(TICK);
		assertThat(output).containsOnlyOnce("was deleted by somebody else");
		fixture.backend.failReports(Failures.unsent());
		fixture.stop();
		try (MvStoreUsageSpool next = MvStoreUsageSpool.open(spool)) {
			assertThat(next.load()).extracting(SpooledUsage::units).containsExactlyInAnyOrder(3L, 4L);
		}
	}

	@Test
	void whatCannotBeReadIsLeftAlone() throws Exception {
		byte[] ofAnotherVersion = { 99 };
		try (MVStore store = MVStore.open(this.directory.resolve("usage.mv").toString())) {
			store.<Long, byte[]>openMap("usage").put(3L, ofAnotherVersion);
		}
		Fixture first = fixture(AmbiguousPolicy.DROP, this.directory);
		for (int i = 0; i < 5; i++) {
			first.hit("caller-" + i);
		}
		first.time.advance(TICK);
		try (MVStore store = MVStore.open(diedNow().resolve("usage.mv").toString())) {
			Map<Long, byte[]> spooled = store.openMap("usage");
			assertThat(spooled).hasSize(6).containsEntry(3L, ofAnotherVersion);
		}
	}

	private Fixture fixture(AmbiguousPolicy policy, Path spool) {
		return new Fixture(Fixture.settings(500, policy), 100_000, MvStoreUsageSpool.open(spool)).started();
	}

	/** What a process finds that starts after the death of this one. */
	private Path diedNow() throws Exception {
		Path copy = Files.createDirectories(this.directory.resolve("copy" + this.copies++));
		Files.copy(this.directory.resolve("usage.mv"), copy.resolve("usage.mv"));
		return copy;
	}

}
