package io.threescale.spring.client.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.threescale.spring.fixture.LocalRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A user of Redis who may do what the documents say, and no more.
 */
@ExtendWith(OutputCaptureExtension.class)
class FleetAclTests {

	private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('(\\w+)'");

	@Test
	void theDocumentedUserMayDoWhatTheScriptsDo() throws IOException {
		List<String> allowed = LocalRedis.documentedUser("test");
		try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/threescale/spring/client/fleet"))) {
			for (Path file : files.toList()) {
				assertThat(CALL.matcher(Files.readString(file))
					.results()
					.map((call) -> "+" + call.group(1).toLowerCase(Locale.ROOT))).as(file.toString())
					.isSubsetOf(allowed);
			}
		}
	}

	@Test
	void theDocumentedUserIsEnough(@TempDir Path directory, CapturedOutput output) throws Exception {
		try (LocalRedis redis = LocalRedis.start(directory, "maxmemory-policy allkeys-lru");
				FleetFixture fleet = new FleetFixture(redis)) {
			fleet.connections.getConnection().execute("ACL", arguments());
			FleetInstance one = fleet.start(redis.connect("threescale", "password"));
			one.use(10);
			fleet.awaitStored(1);
			one.kill();
			FleetInstance other = fleet.start(redis.connect("threescale", "password"));
			await().until(() -> other.pending() == 10);
			assertThat(fleet.counted(other)).isEqualTo(10);
			other.use(1);
			other.leave();
			fleet.awaitStored(1);
			assertThat(output).contains("its maxmemory-policy is 'allkeys-lru'").doesNotContain("NOPERM");
		}
	}

	private static byte[][] arguments() throws IOException {
		return LocalRedis.documentedUser("test")
			.stream()
			.map((argument) -> argument.getBytes(StandardCharsets.US_ASCII))
			.toArray(byte[][]::new);
	}

}
