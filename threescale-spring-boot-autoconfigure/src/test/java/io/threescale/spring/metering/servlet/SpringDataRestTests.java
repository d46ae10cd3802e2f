package io.threescale.spring.metering.servlet;

import java.util.Map;
import java.util.concurrent.Callable;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.fixture.Charges;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.metering.InvalidMeteringException;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.sandbox.SandboxOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.annotation.Id;
import org.springframework.data.map.repository.config.EnableMapRepositories;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.rest.webmvc.BasePathAwareController;
import org.springframework.data.rest.webmvc.RepositoryRestController;
import org.springframework.data.rest.webmvc.config.RepositoryRestConfigurer;
import org.springframework.data.rest.webmvc.config.RepositoryRestMvcConfiguration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Spring Data REST, whose mapping takes no interceptors.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SpringDataRestTests {

	@RegisterExtension
	final SandboxedApplication application = new SandboxedApplication(WebApplicationType.SERVLET, Api.class,
			"threescale.rules[0].pattern=/dr/persons/**")
		.metrics("hits", "rows");

	@ParameterizedTest
	@CsvSource({ "/dr/persons, hits", "/dr/persons/search/findByName?name=a, hits", "/dr/aware, rows",
			"/dr/persons/repository, rows", "/dr/later, rows", "/dr/status/200, rows" })
	void whenMeteredThenAsksForCredentialsAndChargesOnce(String path, String metric) {
		var refused = this.application.send("GET", path);
		assertThat(refused.statusCode()).isEqualTo(401);
		assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<String>read(refused.body(), "$.type"))
			.isEqualTo("urn:threescale:problem:credentials-missing");
		assertThat(this.application.sandbox().transactions()).isEmpty();
		assertThat(this.application.get(path).statusCode()).isEqualTo(200);
		Charges.assertSingle(this.application.sandbox(), Map.of(metric, 1L));
	}

	@Test
	void whenDoneThenChargedByItsStatus() {
		assertThat(this.application.get("/dr/status/404").statusCode()).isEqualTo(404);
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHORIZE)).isEqualTo(1);
		assertThat(this.application.get("/dr/aware").statusCode()).isEqualTo(200);
		Charges.assertSingle(this.application.sandbox(), Map.of("rows", 1L));
	}

	@Test
	void whenUnmeteredThenFree() {
		assertThat(this.application.send("GET", "/dr").statusCode()).isEqualTo(200);
		assertThat(this.application
			.send("OPTIONS", "/dr/persons", "Origin", "https://example.com", "Access-Control-Request-Method", "GET")
			.statusCode()).isIn(200, 403);
		assertThat(this.application.sandbox().requests(SandboxOperation.AUTHREP)).isZero();
	}

	@Test
	void whenAnnotatedWithNonsenseThenDoesNotStart() {
		assertThatThrownBy(() -> this.application.another(Nonsense.class)).isInstanceOf(InvalidMeteringException.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableMapRepositories(considerNestedRepositories = true, basePackageClasses = SpringDataRestTests.class)
	@Import({ RepositoryRestMvcConfiguration.class, Aware.class, OfRepository.class })
	static class Api {

		@Bean
		RepositoryRestConfigurer basePath() {
			return RepositoryRestConfigurer.withConfig((configuration) -> configuration.setBasePath("/dr"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Api.class, NonsenseController.class })
	static class Nonsense {

	}

	public record Person(@Id String id, String name) {
	}

	public interface Persons extends CrudRepository<Person, String> {

		Iterable<Person> findByName(String name);

	}

	@BasePathAwareController
	@ResponseBody
	static class Aware {

		@GetMapping("/aware")
		@ThreeScaleMetered("rows")
		ResponseEntity<Map<String, String>> aware() {
			return ResponseEntity.ok(Map.of("answer", "aware"));
		}

		@GetMapping("/later")
		@ThreeScaleMetered(metric = "rows", chargeOn = "completion")
		Callable<ResponseEntity<Map<String, String>>> later() {
			return this::aware;
		}

		@GetMapping("/status/{status}")
		@ThreeScaleMetered(metric = "rows", chargeOn = "success")
		ResponseEntity<Map<String, String>> status(@PathVariable int status) {
			if (status >= 400) {
				throw new ResponseStatusException(HttpStatus.valueOf(status));
			}
			return aware();
		}

	}

	@RepositoryRestController
	@ResponseBody
	static class OfRepository {

		@GetMapping("/persons/repository")
		@ThreeScaleMetered("rows")
		ResponseEntity<Map<String, String>> repository() {
			return ResponseEntity.ok(Map.of("answer", "repository"));
		}

	}

	@BasePathAwareController
	static class NonsenseController {

		@GetMapping("/nonsense")
		@ThreeScaleMetered(delta = 0)
		ResponseEntity<Void> nonsense() {
			return ResponseEntity.ok().build();
		}

	}

}
