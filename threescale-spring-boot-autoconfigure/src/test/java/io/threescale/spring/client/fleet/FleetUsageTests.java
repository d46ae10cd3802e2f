package io.threescale.spring.client.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.threescale.spring.client.fleet.FleetInstance.Setup;
import io.threescale.spring.client.reporting.AmbiguousPolicy;
import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.sandbox.Fault;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What instances have used is reported once, whatever becomes of them.
 */
@ExtendWith(OutputCaptureExtension.class)
class FleetUsageTests {

	@TempDir
	static Path directory;

	static LocalRedis server;

	private final FleetFixture fleet = new FleetFixture(server);

	@BeforeAll
	static void startRedis() {
		server = LocalRedis.start(directory);
	}

	@AfterAll
	static void stopRedis() {
		server.close();
	}

	@AfterEach
	void stop() {
		this.fleet.close();
	}

	@Test
	void aScaleDownToZeroLosesNothing() {
		FleetInstance last = this.fleet.start();
		last.use(10);
		last.leave();
		assertThat(this.fleet.counted()).isZero();
		FleetInstance first = this.fleet.start();
		await().until(() -> first.pending() == 10);
		assertThat(this.fleet.counted(first)).isEqualTo(10);
		first.leave();
		assertThat(this.fleet.redis.keys("*")).noneMatch((key) -> key.contains("usage") || key.contains("members"));
	}

	@Test
	void usageOfAnInstanceThatDiesIsReportedByAnother() {
		FleetInstance one = this.fleet.start();
		FleetInstance other = this.fleet.start();
		one.use(10);
		this.fleet.awaitStored(1);
		one.kill();
		await().until(() -> other.pending() == 10);
		assertThat(this.fleet.counted(other)).isEqualTo(10);
	}

	@Test
	void severalShareWhatOneHasLeft() {
		FleetInstance one = this.fleet.start();
		one.useIn(900);
		this.fleet.awaitStored(900);
		List<FleetInstance> others = List.of(this.fleet.start(), this.fleet.start(), this.fleet.start());
		one.kill();
		await().until(() -> others.stream().mapToLong(FleetInstance::pending).sum() == 900);
		others.forEach(FleetInstance::flush);
		assertThat(this.fleet.counted()).isEqualTo(900);
	}

	@ParameterizedTest
	@EnumSource(AmbiguousPolicy.class)
	void whatADeadInstanceWasSendingIsAmbiguous(AmbiguousPolicy policy) {
		Setup setup = FleetInstance.FAST.with(policy);
		FleetInstance one = this.fleet.start(setup);
		FleetInstance other = this.fleet.start(setup);
		one.use(10);
		this.fleet.backend.fail(Fault.slow(Duration.ofMinutes(1)), SandboxOperation.REPORT);
		one.beginToFlush();
		await().until(() -> this.fleet.backend.requests(SandboxOperation.REPORT) == 1);
		one.kill();
		this.fleet.backend.recover();
		await().until(() -> other.ambiguous() == 10);
		assertThat(this.fleet.counted(other)).isEqualTo((policy == AmbiguousPolicy.DROP) ? 10 : 20);
	}

	@Test
	void usageThatCannotBeReadIsLeftToThoseWhoCan(CapturedOutput output) {
		Setup stranger = FleetInstance.FAST.with("another secret of thirty-two characters");
		FleetInstance last = this.fleet.start(stranger);
		last.use(10);
		last.leave();
		FleetInstance one = this.fleet.start();
		await().until(() -> output.getAll().contains("It was written with another secret, or is damaged"));
		assertThat(this.fleet.counted(one)).isZero();
		FleetInstance first = this.fleet.start(stranger);
		await().until(() -> first.pending() == 10);
		assertThat(this.fleet.counted(first)).isEqualTo(10);
	}

	@Test
	void membersThatCannotBeReadHideNoOthers() {
		for (int i = 1; i <= 25; i++) {
			this.fleet.redis.opsForZSet().add(this.fleet.members(), "unreadable" + i, i);
			this.fleet.redis.opsForHash().put(this.fleet.usage("unreadable" + i), "1", "nonsense");
		}
		FleetInstance one = this.fleet.start();
		one.use(10);
		FleetInstance other = this.fleet.start();
		one.kill();
		await().until(() -> other.pending() == 10);
	}

	@Test
	void usageOfAnInstanceThatSleptIsReportedOnce() throws Exception {
		Process sleeper = launch();
		BufferedReader answers = command(sleeper, "10");
		this.fleet.awaitStored(1);
		signal(sleeper, "STOP");
		FleetInstance other = this.fleet.start();
		await().until(() -> other.pending() == 10);
		assertThat(this.fleet.counted(other)).isEqualTo(10);
		signal(sleeper, "CONT");
		command(sleeper, answers, "5");
		await().untilAsserted(() -> {
			command(sleeper, answers, "flush");
			assertThat(this.fleet.counted()).isEqualTo(15);
		});
	}

	@Test
	void nobodyReadsCredentialsInRedis() {
		this.fleet.start().use(10);
		this.fleet.awaitStored(1);
		for (String key : this.fleet.redis.keys("*")) {
			String content = new String(this.fleet.redis.dump(key), StandardCharsets.ISO_8859_1);
			assertThat(key + content).doesNotContain(FleetInstance.USER_KEY).doesNotContain("hits");
		}
	}

	private Process launch() throws IOException {
		Process process = FleetInstance.process(server, this.fleet.backend.uri(), FleetInstance.FAST)
			.redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
			.start();
		this.fleet.closeLater(process::destroyForcibly);
		return process;
	}

	private static BufferedReader command(Process process, String command) throws IOException {
		BufferedReader answers = new BufferedReader(new InputStreamReader(process.getInputStream()));
		command(process, answers, command);
		return answers;
	}

	private static void command(Process process, BufferedReader answers, String command) throws IOException {
		process.outputWriter().append(command).append('\n').flush();
		String answer = "";
		while (answer != null && !answer.equals("done " + command)) {
			answer = answers.readLine();
		}
	}

	private static void signal(Process process, String name) throws Exception {
		assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor()).isZero();
	}

}
