package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A spool that cannot be used.
 */
class SpoolFailureAnalyzerTests {

	@Test
	void whenSpoolCannotBeMadeThenNamesItAndTheCure(@TempDir Path directory) throws IOException {
		Path spool = Files.writeString(directory.resolve("file"), "no directory").resolve("spool");
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ThreeScaleBackendAutoConfiguration.class,
					ThreeScaleClientAutoConfiguration.class))
			.withPropertyValues("threescale.service-id=4711", "threescale.service-token=token",
					"threescale.mode=predictive", "threescale.reporting.spool.directory=" + spool)
			.run((context) -> {
				FailureAnalysis analysis = new SpoolFailureAnalyzer()
					.analyze(Objects.requireNonNull(context.getStartupFailure()));
				assertThat(analysis).isNotNull();
				assertThat(analysis.getDescription()).contains(spool.toString());
				assertThat(analysis.getAction()).contains("'threescale.reporting.spool.directory'");
			});
	}

}
