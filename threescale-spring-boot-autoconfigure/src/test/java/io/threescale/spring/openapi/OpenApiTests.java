package io.threescale.spring.openapi;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.ReadContext;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.threescale.spring.Authorization;
import io.threescale.spring.autoconfigure.ThreeScaleMeteringAutoConfiguration;
import io.threescale.spring.autoconfigure.ThreeScaleOpenApiAutoConfiguration;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springdoc.core.utils.SpringDocUtils;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What springdoc tells of a metered application.
 */
@Tag("openapi")
@TestInstance(Lifecycle.PER_CLASS)
class OpenApiTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	private ReadContext document;

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@Test
	void whatAHandlerIsGivenIsNoParameter() {
		ReadContext document = document();
		assertThat(document.<List<String>>read("$.paths./metered.get.parameters[*].name")).containsExactly("query");
		assertThat(document.<Map<String, Object>>read("$.components")).doesNotContainKey("schemas");
	}

	@Test
	void whenMeteringIsOffThenItIsNoParameterEither() {
		ReadContext document = document("threescale.enabled=false");
		assertThat(document.<List<String>>read("$.paths./metered.get.parameters[*].name")).containsExactly("query");
		assertThat(document.<Map<String, Object>>read("$.paths./metered.get.responses")).containsOnlyKeys("200");
		assertThat(document.<Map<String, Object>>read("$.paths./metered.get")).doesNotContainKey("security");
	}

	@Test
	void meteredOperationsHaveTheAnswersOfTheMetering() {
		ReadContext document = document();
		assertThat(document.<Map<String, Object>>read("$.paths./metered.get.responses")).containsOnlyKeys("200", "401",
				"403", "429", "503");
		assertThat(document.<String>read("$.paths./metered.get.responses.429.$ref"))
			.isEqualTo("#/components/responses/threescale-429");
		assertThat(document.<Map<String, Object>>read("$.components.responses")).containsOnlyKeys("threescale-401",
				"threescale-403", "threescale-429", "threescale-503");
		assertThat(document.<Set<String>>read("$.components.responses.threescale-429.headers.keys()"))
			.containsExactlyInAnyOrder("Retry-After", "RateLimit", "RateLimit-Policy");
		assertThat(document.<Object>read(
				"$.components.responses.threescale-401.content['application/problem+json'].schema.properties.status.type"))
			.isEqualTo("integer");
		assertThat(document.<Map<String, Object>>read("$.paths./free.get.responses")).containsOnlyKeys("200");
		assertThat(document.<Map<String, Object>>read("$.paths./free.get")).doesNotContainKey("security");
	}

	@Test
	void whatAnOperationSaysItselfStays() {
		ReadContext document = document();
		assertThat(document.<String>read("$.paths./own.get.responses.403.description")).isEqualTo("mine");
		assertThat(document.<Map<String, Object>>read("$.paths./own.get.responses")).containsKeys("401", "429", "503");
	}

	@Test
	void aKeyIsPresentedAsTheChallengesSay() {
		assertPresented(document(), "[{\"threescale-header-user-key\":[]},{\"threescale-query-user_key\":[]}]");
		assertPresented(document("threescale.credentials.sources=basic,bearer"),
				"[{\"threescale-basic\":[]},{\"threescale-bearer\":[]}]");
	}

	private static void assertPresented(ReadContext document, String security) {
		assertThat(document.<Object>read("$.paths./metered.get.security")).hasToString(security);
		assertThat(document.<Map<String, Object>>read("$.components.securitySchemes")).hasSize(2);
	}

	@Test
	void aKeySchemeNamesThePlaceAndTheKey() {
		ReadContext document = document();
		assertThat(document.<Map<String, Object>>read("$.components.securitySchemes.threescale-header-user-key"))
			.isEqualTo(Map.of("type", "apiKey", "name", "user-key", "in", "header"));
	}

	@Test
	void whenCallersMayBeAnonymousThenAKeyIsOptional() {
		ReadContext document = document("threescale.anonymous.policy=pass", "threescale.credentials.sources=basic");
		assertThat(document.<Object>read("$.paths./metered.get.security"))
			.hasToString("[{\"threescale-basic\":[]},{}]");
		assertThat(document.<Map<String, Object>>read("$.paths./metered.get.responses")).doesNotContainKey("401");
	}

	@Test
	void whenSpringdocIsMissingThenNothingIsConfigured() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ThreeScaleMeteringAutoConfiguration.class,
					ThreeScaleOpenApiAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(SpringDocUtils.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ThreeScaleOpenApiAutoConfiguration.class));
	}

	private ReadContext document() {
		if (this.document == null) {
			this.document = document(new String[0]);
		}
		return this.document;
	}

	/** The first document takes long on a busy machine. */
	private ReadContext document(String... properties) {
		try (Application application = Application.start(webStack(), backend, Api.class, properties)) {
			return JsonPath
				.parse(Application
					.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + application.port() + "/v3/api-docs"))
						.timeout(Duration.ofMinutes(2))
						.build())
					.body());
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@RestController
	static class Controller {

		@GetMapping("/metered")
		@ThreeScaleMetered
		String metered(@RequestParam String query, MeteredCall call, Authorization authorization,
				Authorization.Granted granted) {
			return query;
		}

		@GetMapping("/own")
		@ThreeScaleMetered
		@ApiResponse(responseCode = "403", description = "mine")
		String own() {
			return "own";
		}

		@GetMapping("/free")
		String free() {
			return "free";
		}

	}

}
