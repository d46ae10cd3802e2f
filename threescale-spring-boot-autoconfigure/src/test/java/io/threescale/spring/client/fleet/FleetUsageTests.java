package io.threescale.spring.client.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.threescale.spring.fixture.LocalRedis;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What instances have used is reported once, whatever becomes of them and of Redis: a
 * real one, beside the sandbox.
 */
class FleetUsageTests {

	@TempDir
	static Path directory;

	static LocalRedis server;

	static LettuceConnectionFactory connections;

	private final ThreeScaleSandbox backend = ThreeScaleSandbox.start(SandboxWorld.of("1001",
			SandboxService.userKey("st1")
				.withMetrics(SandboxMetric.of("hits"))
				.withPlan("free")
				.withApplication(SandboxApplication.userKey(FleetInstance.USER_KEY).onPlan("free"))));

	private final StringRedisTemplate redis = new StringRedisTemplate(connections);

	private final List<AutoCloseable> started = new ArrayList<>();

	@BeforeAll
	static void startRedis() {
		server = LocalRedis.start(directory);
		connections = server.connect();
	}

	@AfterAll
	static void stopRedis() {
		connections.destroy();
		server.close();
	}

	@BeforeEach
	void empty() {
		flushAll();
	}

	@AfterEach
	void stop() throws Exception {
		for (AutoCloseable instance : this.started) {
			instance.close();
		}
		this.backend.close();
	}

	@Test
	void aScaleDownToZeroLosesNothing() {
		FleetInstance last = start();
		last.use(10);
		last.leave();
		assertThat(counted()).isZero();
		FleetInstance first = start();
		await().until(() -> first.pending() == 10);
		assertThat(counted(first)).isEqualTo(10);
		first.leave();
		assertThat(this.redis.keys("*")).noneMatch((key) -> key.contains("usage") || key.contains("members"));
	}

	@Test
	void usageOfAnInstanceThatDiesIsReportedByAnother() {
		FleetInstance one = start();
		FleetInstance other = start();
		one.use(10);
		awaitStored(1);
		one.kill();
		await().until(() -> other.pending() == 10);
		assertThat(counted(other)).isEqualTo(10);
	}

	@Test
	void redisThatHasLostAllIsToldAgain() {
		FleetInstance one = start();
		FleetInstance other = start();
		one.use(10);
		awaitStored(1);
		flushAll();
		awaitStored(1);
		one.kill();
		await().until(() -> other.pending() == 10);
		assertThat(counted(other)).isEqualTo(10);
	}

	@Test
	void whatWasReportedMeanwhileIsNotTakenFromAnOlderCopy() {
		FleetInstance one = start();
		one.use(10);
		awaitStored(1);
		String usage = usageKeys().get(0);
		byte[] copy = this.redis.dump(usage);
		assertThat(counted(one)).isEqualTo(10);
		one.use(1);
		awaitStored(1);
		this.redis.delete(usage);
		connections.getConnection().keyCommands().restore(bytes(usage), 0, copy);
		await().until(() -> !Arrays.equals(copy, this.redis.dump(usage)));
		one.kill();
		FleetInstance other = start();
		await().until(() -> other.pending() > 0);
		assertThat(counted(other)).isEqualTo(11);
	}

	@Test
	void whileRedisIsAwayUsageIsReportedFromMemory() {
		FleetInstance one = start();
		one.use(10);
		awaitStored(1);
		server.stop();
		try {
			await().until(() -> !isConnected(one));
			one.use(1);
			one.flush();
			// In a new minute, it is not added to what waits
			assertThat(counted()).as("usage that is in Redis waits, as others may have it").isLessThanOrEqualTo(1);
		}
		finally {
			server.resume();
		}
		await().until(() -> isConnected(one));
		await().untilAsserted(() -> assertThat(counted(one)).isEqualTo(11));
	}

	@Test
	void usageOfAnInstanceThatSleptIsReportedOnce() throws Exception {
		Process sleeper = launch();
		BufferedReader answers = command(sleeper, "10");
		awaitStored(1);
		signal(sleeper, "STOP");
		FleetInstance other = start();
		await().until(() -> other.pending() == 10);
		assertThat(counted(other)).isEqualTo(10);
		signal(sleeper, "CONT");
		command(sleeper, answers, "5");
		await().untilAsserted(() -> {
			command(sleeper, answers, "flush");
			assertThat(counted()).isEqualTo(15);
		});
	}

	@Test
	void aKilledProcessIsSurvived() throws Exception {
		Process victim = launch();
		command(victim, "10");
		awaitStored(1);
		FleetInstance other = start();
		victim.destroyForcibly().waitFor();
		await().until(() -> other.pending() == 10);
		assertThat(counted(other)).isEqualTo(10);
	}

	@Test
	void aFullRedisIsLikeOneThatIsAway() {
		FleetInstance one = start();
		set("maxmemory", "1");
		try {
			await().until(() -> !isConnected(one));
			one.use(10);
			assertThat(counted(one)).isEqualTo(10);
		}
		finally {
			set("maxmemory", "0");
		}
		await().until(() -> isConnected(one));
	}

	@Test
	void noCallWaitsForASlowRedis() {
		FleetInstance one = start();
		one.use(1);
		connections.getConnection().execute("CLIENT", bytes("PAUSE"), bytes("1500"));
		long before = System.nanoTime();
		one.use(1000);
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1000));
		await().until(() -> !isConnected(one));
		await().until(() -> isConnected(one));
		assertThat(counted(one)).isEqualTo(1001);
	}

	@Test
	void nobodyReadsCredentialsInRedis() {
		start().use(10);
		awaitStored(1);
		for (String key : this.redis.keys("*")) {
			String content = new String(this.redis.dump(key), StandardCharsets.ISO_8859_1);
			assertThat(key + content).doesNotContain(FleetInstance.USER_KEY).doesNotContain("hits");
		}
	}

	private FleetInstance start() {
		FleetInstance instance = FleetInstance.start(server.connect(), this.backend.uri());
		this.started.add(instance);
		return instance;
	}

	private Process launch() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx128m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path"),
				FleetInstance.class.getName(), String.valueOf(server.port()), this.backend.uri().toString())
			.redirectError(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
			.start();
		this.started.add(process::destroyForcibly);
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

	private static boolean isConnected(FleetInstance instance) {
		FleetMembers members = (FleetMembers) ReflectionTestUtils.getField(instance.membership.claims(), "members");
		return members.isConnected();
	}

	private void flushAll() {
		connections.getConnection().serverCommands().flushAll();
	}

	private void set(String name, String value) {
		connections.getConnection().serverCommands().setConfig(name, value);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private List<String> usageKeys() {
		return this.redis.keys("test:v1:{1001}:usage:*").stream().toList();
	}

	/** Beside the entries, there is the number of the last write. */
	private void awaitStored(int entries) {
		await().until(
				() -> usageKeys().stream().mapToLong((key) -> this.redis.opsForHash().size(key) - 1).sum() == entries);
	}

	private long counted(FleetInstance instance) {
		instance.flush();
		return counted();
	}

	private long counted() {
		return this.backend.usage(FleetInstance.USER_KEY, "hits");
	}

}
