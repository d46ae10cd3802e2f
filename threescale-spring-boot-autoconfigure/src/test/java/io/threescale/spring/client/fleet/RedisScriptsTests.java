package io.threescale.spring.client.fleet;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * How scripts fail.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisScriptsTests {

	@Test
	void aServerThatAcceptsAndSaysNothingIsGivenUpQuietly(CapturedOutput output) throws Exception {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", silent.getLocalPort());
			connections.afterPropertiesSet();
			connections.start();
			Mono<?> answer = new RedisScripts(connections).run(RedisScripts.load("leave"), List.of("key"), List.of(),
					Duration.ofMillis(300));
			assertThatThrownBy(answer::block).hasRootCauseInstanceOf(TimeoutException.class);
			connections.destroy();
			assertThat(output).doesNotContain("onErrorDropped");
		}
	}

	@Test
	void changesThatCannotBeReadKeepNothingElseFromRedis(@TempDir Path directory, CapturedOutput output) {
		FleetKeys keys = FleetKeys.of("test", "42");
		ThreadPoolTaskScheduler tasks = new ThreadPoolTaskScheduler();
		tasks.initialize();
		try (LocalRedis redis = LocalRedis.start(directory)) {
			LettuceConnectionFactory connections = redis.connect();
			FleetMembers members = new FleetMembers(new RedisScripts(connections), keys, tasks,
					new SteadyTime(Clock.systemUTC(), System::nanoTime), Duration.ofHours(1));
			new RedisChanges(members, new UsageCipher(new FleetSecret(FleetInstance.SECRET), keys))
				.listen((application) -> {
				});
			new StringRedisTemplate(connections).opsForValue().set(keys.changes(), "no stream");
			members.start(() -> 0);
			assertThat(members.isConnected()).isTrue();
			assertThat(output).contains("Redis refuses what instances share", "WRONGTYPE");
			connections.destroy();
		}
		finally {
			tasks.shutdown();
		}
	}

}
