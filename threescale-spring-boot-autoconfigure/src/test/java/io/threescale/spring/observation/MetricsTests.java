package io.threescale.spring.observation;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import io.threescale.spring.client.ThreeScaleClient;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Applications;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.metering.ThreeScaleMetered;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mockito.Mockito;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is counted and observed.
 */
class MetricsTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	@RegisterExtension
	static final Applications applications = new Applications(backend);

	private Application application;

	private MeterRegistry registry;

	private void start(Class<?> source, String... properties) {
		this.application = applications.get(source, properties);
		this.registry = this.application.bean(MeterRegistry.class);
	}

	@Test
	void shouldCountEveryOutcome() {
		start(Api.class);
		this.application.get("/search");
		this.application.get("/search");
		this.application.send("GET", "/search");
		backend.denies("application_not_active");
		this.application.get("/search");
		backend.denies("made_up_by_somebody");
		this.application.get("/search");
		backend.errs(404, "metric_invalid", "metric \"search\" is invalid");
		this.application.get("/search");
		backend.answers(WireMock.aResponse().withStatus(502));
		this.application.get("/search");
		assertThat(counters("threescale.calls")).containsExactlyInAnyOrderEntriesOf(
				Map.of("granted none", 2.0, "unauthenticated none", 1.0, "denied application_not_active", 1.0,
						"denied other", 1.0, "misconfigured metric_invalid", 1.0, "unavailable none", 1.0));
		assertThat(usage("search", "true")).isEqualTo(2);
		assertThat(usage("kilobytes", "true")).isEqualTo(40);
		assertThat(this.registry.find("threescale.usage").tag("counted", "false").counters()).isEmpty();
		assertThat(requests("authrep", "granted")).isEqualTo(2);
		assertThat(requests("authrep", "denied")).isEqualTo(2);
		assertThat(requests("authrep", "misconfigured")).isEqualTo(1);
		assertThat(requests("authrep", "ambiguous")).isEqualTo(1);
	}

	@Test
	void whenPolicyLetsPassThenUsageIsNotCounted() {
		start(Api.class, "threescale.failure-policy=allow");
		backend.answers(WireMock.aResponse().withStatus(429));
		assertThat(this.application.get("/search").statusCode()).isEqualTo(200);
		assertThat(counters("threescale.calls")).containsExactly(Map.entry("uncounted none", 1.0));
		assertThat(usage("kilobytes", "false")).isEqualTo(20);
		assertThat(requests("authrep", "unavailable")).isEqualTo(1);
	}

	@Test
	void shouldTimeOtherOperationsOfTheClient() {
		start(Api.class);
		ThreeScaleClient client = this.application.bean(ThreeScaleClient.class);
		client.authorize(ApplicationCredentials.userKey("key-1"), Usage.HIT);
		backend.answers(WireMock.aResponse().withStatus(202));
		client.report(Transaction.of(ApplicationCredentials.userKey("key-1"), Usage.HIT));
		assertThat(requests("authorize", "granted")).isEqualTo(1);
		Awaitility.await()
			.ignoreException(MeterNotFoundException.class)
			.untilAsserted(() -> assertThat(requests("report", "accepted")).isEqualTo(1));
	}

	@Test
	void shouldTagOnlyWhatIsBounded() {
		start(Bounded.class);
		for (int i = 0; i < 20; i++) {
			this.application.send("GET", "/search?q=" + i, "user-key", "secret-key-" + i);
		}
		backend.errs(403, "user_key_invalid", "user key \"secret-key\" is invalid");
		for (int i = 0; i < 20; i++) {
			this.application.send("GET", "/search?q=" + i, "user-key", "secret-key-" + i);
		}
		Map<String, Set<String>> tags = new TreeMap<>();
		for (Meter meter : this.registry.getMeters()) {
			if (meter.getId().getName().startsWith("threescale.")) {
				for (Tag tag : meter.getId().getTags()) {
					tags.computeIfAbsent(tag.getKey(), (key) -> new LinkedHashSet<>()).add(tag.getValue());
				}
			}
		}
		assertThat(tags).containsOnlyKeys("service", "operation", "outcome", "reason", "metric", "counted", "error");
		assertThat(tags.get("service")).containsExactly(Backend.SERVICE_ID);
		assertThat(tags.get("operation")).containsExactlyInAnyOrder("Controller.search", "authrep");
		assertThat(tags.get("reason")).containsExactlyInAnyOrder("none", "user_key_invalid");
		assertThat(tags.toString()).doesNotContain("secret", Backend.SERVICE_TOKEN);
	}

	@Test
	void shouldObserveWhatIsDocumented() {
		TestObservationRegistry observations = TestObservationRegistry.create();
		observed(Mono.never(), observations, null).authorize(request()).subscribe().dispose();
		assertThat(observations).hasSingleObservationThat()
			.hasNameEqualTo("threescale.client.requests")
			.hasContextualNameEqualTo("3scale authorize")
			.hasLowCardinalityKeyValue("outcome", "cancelled")
			.hasLowCardinalityKeyValue("operation", "authorize")
			.hasLowCardinalityKeyValue("service", "4711")
			.hasBeenStopped();
		assertThat(observations).hasSingleObservationThat()
			.satisfies((context) -> assertThat(context.getLowCardinalityKeyValues().stream().map(KeyValue::getKey))
				.containsExactlyInAnyOrderElementsOf(
						Arrays.stream(ThreeScaleClientObservation.CALL.getLowCardinalityKeyNames())
							.map(KeyName::asString)
							.toList()));
	}

	@Test
	void whenConventionThenNamesAreItsOwn() {
		TestObservationRegistry observations = TestObservationRegistry.create();
		observed(Mono.empty(), observations, new ShortConvention()).report(new ReportRequest(List.of(), false)).block();
		assertThat(observations).hasSingleObservationThat()
			.hasNameEqualTo("mine")
			.hasLowCardinalityKeyValue("what", "report accepted");
	}

	@Test
	void whenConventionBeanThenUsed() {
		start(WithConvention.class);
		this.application.get("/search");
		assertThat(this.registry.get("mine").tag("what", "authrep granted").timer().count()).isEqualTo(1);
	}

	private static ReactiveThreeScaleClient observed(Mono<?> answer, TestObservationRegistry observations,
			@Nullable ThreeScaleClientObservationConvention convention) {
		ReactiveThreeScaleClient client = Mockito.mock(ReactiveThreeScaleClient.class, (invocation) -> answer);
		return new ObservedThreeScaleClient(client, "4711", observations, convention);
	}

	private static AuthorizationRequest request() {
		return AuthorizationRequest.of(ApplicationCredentials.userKey("key-1"));
	}

	private Map<String, Double> counters(String name) {
		Map<String, Double> counts = new TreeMap<>();
		this.registry.get(name).counters().forEach((counter) -> {
			assertThat(counter.getId().getTag("service")).isEqualTo(Backend.SERVICE_ID);
			assertThat(counter.getId().getTag("operation")).isEqualTo("Controller.search");
			counts.put(counter.getId().getTag("outcome") + " " + counter.getId().getTag("reason"), counter.count());
		});
		return counts;
	}

	private double usage(String metric, String counted) {
		return this.registry.get("threescale.usage").tag("metric", metric).tag("counted", counted).counter().count();
	}

	private long requests(String operation, String outcome) {
		return this.registry.get("threescale.client.requests")
			.tag("service", Backend.SERVICE_ID)
			.tag("operation", operation)
			.tag("outcome", outcome)
			.timer()
			.count();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	/** Has the meters of one test only. */
	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class Bounded {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Api.class)
	static class WithConvention {

		@Bean
		ShortConvention convention() {
			return new ShortConvention();
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/search")
		@ThreeScaleMetered(usage = { "search=1", "kilobytes=20" })
		String search() {
			return "found";
		}

	}

	static class ShortConvention implements ThreeScaleClientObservationConvention {

		@Override
		public String getName() {
			return "mine";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(ThreeScaleClientObservationContext context) {
			return KeyValues.of("what", context.operation() + " " + context.outcome());
		}

	}

}
