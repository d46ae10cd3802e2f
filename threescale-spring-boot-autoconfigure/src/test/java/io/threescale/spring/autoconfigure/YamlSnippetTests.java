package io.threescale.spring.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.documentation.Page;
import io.threescale.spring.documentation.Page.Block;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The properties that the pages show exist, and have values that can be bound.
 */
class YamlSnippetTests {

	/** Those of modules the tests do without, and one of an endpoint of ours. */
	private static final Set<String> UNLISTED = Set.of("spring.security.oauth2.resourceserver.jwt.issuer-uri",
			"management.endpoint.threescale.access", "spring.data.redis.host");

	private static final Map<String, Object> VARIABLES = Map.of("THREESCALE_TOKEN", "token", "PARTNER_TOKEN", "token",
			"FLEET_SECRET", "secret", "THREESCALE_LINT_KEY", "key");

	@Test
	void shouldBind() {
		List<Block> blocks = Page.blocks("yaml");
		assertThat(blocks).hasSizeGreaterThan(5).allSatisfy((block) -> {
			StandardEnvironment environment = environment(block);
			List<ConfigurationPropertySource> sources = new ArrayList<>();
			ConfigurationPropertySources.from(environment.getPropertySources()).forEach(sources::add);
			assertThat(new UnknownProperties(sources).find()).as(block.toString()).isEmpty();
			assertThat(PropertyNames.ALL).as(block.toString())
				.allSatisfy(
						(names) -> assertThatCode(() -> bind(environment, names.type())).doesNotThrowAnyException());
			assertThatCode(() -> Binder.get(environment, new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
				.bindOrCreate("spring.ssl", SslProperties.class)).as(block.toString()).doesNotThrowAnyException();
		});
	}

	@Test
	void shouldNamePropertiesOfSpringBootThatExist() throws IOException {
		assumeThat(SpringBootVersion.getVersion()).as("has the properties of 4.1").isGreaterThan("4.1");
		Set<String> known = new HashSet<>(UNLISTED);
		for (Resource metadata : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:META-INF/spring-configuration-metadata.json")) {
			known.addAll(JsonPath.<List<String>>read(metadata.getContentAsString(StandardCharsets.UTF_8),
					"$.properties[*].name"));
		}
		assertThat(Page.blocks("yaml").stream().flatMap(YamlSnippetTests::names))
			.filteredOn((name) -> name.matches("(spring|server|management|logging)\\..*"))
			.hasSizeGreaterThan(3)
			.allMatch((name) -> known.contains(name) || name.startsWith("logging.level.")
					|| name.startsWith("spring.ssl.bundle."));
	}

	private static Stream<String> names(Block block) {
		return environment(block).getPropertySources()
			.stream()
			.filter((source) -> source.getName().startsWith("yaml"))
			.flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
	}

	private static void bind(StandardEnvironment environment, Class<?> type) {
		Binder.get(environment)
			.bindOrCreate(MergedAnnotations.from(type).get(ConfigurationProperties.class).getString("value"), type);
	}

	private static StandardEnvironment environment(Block block) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addLast(new MapPropertySource("variables", VARIABLES));
		try {
			new YamlPropertySourceLoader()
				.load("yaml", new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return environment;
	}

}
