package io.threescale.spring.client.fleet;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

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

}
