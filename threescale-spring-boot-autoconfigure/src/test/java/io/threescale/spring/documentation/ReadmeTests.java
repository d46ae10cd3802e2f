package io.threescale.spring.documentation;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.threescale.spring.documentation.Page.Block;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Follows the README as a new user would.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReadmeTests {

	private static final String GENERATED = """
			package com.example.demo;

			@org.springframework.boot.autoconfigure.SpringBootApplication
			public class DemoApplication {
			}
			""";

	private final Page readme = Page.read(Page.ROOT.resolve("README.md"));

	@Test
	void shouldBeShort() throws IOException {
		assertThat(Files.size(this.readme.path())).isLessThanOrEqualTo(10_240);
	}

	@Test
	void shouldLeadToAMeteredApplication(@TempDir Path classes, CapturedOutput output) throws Exception {
		Page section = new Page(this.readme.path(),
				this.readme.text().split("## Your own application")[1].split("\n## ")[0]);
		Block controller = first(section, "java");
		assertThat(SnippetCompiler.compile(List.of(controller, new Block(this.readme, 0, "java", GENERATED)), classes))
			.isEmpty();
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { classes.toUri().toURL() }, before)) {
			Thread.currentThread().setContextClassLoader(loader);
			try (Application application = Application.start(
					ClassUtils.forName("com.example.demo.DemoApplication", loader),
					StringUtils.addStringToArray(properties(first(section, "yaml")),
							// An application before may have set another
							"logging.level.io.threescale.spring=info"))) {
				assertThat(first(section, "shell").text().lines().map(Curl::new)).hasSize(4)
					.allSatisfy((curl) -> assertThat(curl.call(application).statusCode()).as(curl.line())
						.isEqualTo(curl.status()));
				ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
				assertThat(sandbox.usage("my-first-key", "hits")).isEqualTo(2);
				assertThat(sandbox.usage("my-first-key", "search")).isEqualTo(1);
				assertThat(output).contains("3scale meters 2 controller methods and leaves 1 unmetered");
			}
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	private static Block first(Page page, String language) {
		return page.blocks().stream().filter((block) -> block.language().equals(language)).findFirst().orElseThrow();
	}

	private static String[] properties(Block yaml) throws IOException {
		EnumerablePropertySource<?> source = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load("yaml", new ByteArrayResource(yaml.text().getBytes(StandardCharsets.UTF_8)))
			.get(0);
		return Arrays.stream(source.getPropertyNames())
			.map((name) -> name + "=" + source.getProperty(name))
			.toArray(String[]::new);
	}

}
