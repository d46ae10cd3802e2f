package io.threescale.spring.sandbox;

import java.util.List;

import io.threescale.spring.Period;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SandboxWorld} as configuration.
 */
class SandboxWorldTests {

	@Test
	void bindsTheSimpleCaseFromAFewLines() throws Exception {
		SandboxWorld world = bind("""
				sandbox:
				  services:
				    1001:
				      tokens: st1
				      plans:
				        basic:
				          limits:
				          - {metric: hits, period: minute, max: 10}
				      applications:
				      - user-key: demo
				""");
		assertThat(world).isEqualTo(SandboxWorld.of("1001",
				SandboxService.userKey("st1")
					.withPlan("basic", SandboxLimit.of("hits", Period.MINUTE, 10))
					.withApplication(SandboxApplication.userKey("demo"))));
	}

	@Test
	void bindsEverythingElse() throws Exception {
		SandboxWorld world = bind("""
				sandbox:
				  providers:
				  - {key: pk1, services: [1002]}
				  services:
				    1002:
				      mode: app-id
				      tokens: [st1, st2]
				      suspended: true
				      referrer-filters-required: true
				      metrics:
				      - storage
				      - name: hits
				        methods: ["a & [b]", {name: search, methods: [fast]}]
				      plans:
				        basic: {name: Basic}
				      applications:
				      - {app-id: a1, keys: [k1], plan: basic, suspended: true, referrer-filters: ["*.example.com"],
				         redirect-url: "https://x.test/"}
				""");
		SandboxMetric hits = SandboxMetric.of("hits", SandboxMetric.of("a & [b]"), SandboxMetric.of("search", "fast"));
		assertThat(world).isEqualTo(
				SandboxWorld
					.of("1002",
							SandboxService.appId("st1", "st2")
								.suspend()
								.requireReferrerFilters()
								.withMetrics(SandboxMetric.of("storage"), hits)
								.withPlan("basic", SandboxPlan.of().named("Basic"))
								.withApplication(SandboxApplication.appId("a1", "k1")
									.onPlan("basic")
									.suspend()
									.withReferrerFilters("*.example.com")
									.withRedirectUrl("https://x.test/")))
					.withProvider("pk1", "1002"));
	}

	private static SandboxWorld bind(String yaml) throws Exception {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("test",
				new ByteArrayResource(yaml.getBytes()));
		return new Binder(ConfigurationPropertySources.from(sources)).bind("sandbox", SandboxWorld.class).get();
	}

}
