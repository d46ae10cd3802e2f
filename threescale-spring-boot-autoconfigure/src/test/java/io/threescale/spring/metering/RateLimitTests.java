package io.threescale.spring.metering;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.Period;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Applications;
import io.threescale.spring.fixture.Backend;
import io.threescale.spring.fixture.RateLimit;
import io.threescale.spring.fixture.SandboxedApplication;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers are told of their limits is true, and enough to keep them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RateLimitTests {

	private static final Instant TIME = Instant.parse("2026-11-23T03:04:43.500Z");

	private static final SandboxService SERVICE = SandboxService.userKey("token")
		.withMetrics(SandboxMetric.of("hits", "search"), SandboxMetric.of("tokens"), SandboxMetric.of("storage"))
		.withPlan("basic")
		.withApplication(SandboxApplication.userKey("key-1"));

	private static final String HEADERS = "threescale.rate-limit-headers=true";

	private static final long UNTIL_MINUTE = 17;

	private static final long UNTIL_DAY = 75317;

	@RegisterExtension
	static final Backend backend = new Backend();

	@RegisterExtension
	static final Applications applications = new Applications(backend);

	@RegisterExtension
	final SandboxedApplication sandboxed = SandboxedApplication.at(TIME, SERVICE, webStack(), Api.class, HEADERS);

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@Test
	void limitsAreToldInTheirUnits() {
		this.sandboxed.limit(SandboxLimit.of("tokens", Period.DAY, 100));
		assertThat(limits("/ten-tokens"))
			.containsExactly(Map.entry("tokens-day", new RateLimit(100, 86400L, 90, UNTIL_DAY)));
		assertThat(limits("/ten-tokens").get("tokens-day").available()).isEqualTo(80);
	}

	@Test
	void eachLimitOfTheCallIsAnItem() {
		this.sandboxed.limit(SandboxLimit.of("tokens", Period.ETERNITY, 1000),
				SandboxLimit.of("tokens", Period.DAY, 95), SandboxLimit.of("tokens", Period.MINUTE, 50),
				SandboxLimit.of("storage", Period.DAY, 5), SandboxLimit.of("hits", Period.DAY, 7));
		assertThat(limits("/ten-tokens")).containsExactly(
				Map.entry("tokens-day", new RateLimit(95, 86400L, 85, UNTIL_DAY)),
				Map.entry("tokens-eternity", new RateLimit(1000, null, 990, null)),
				Map.entry("tokens-minute", new RateLimit(50, 60L, 40, UNTIL_MINUTE)));
		assertThat(limits("/search")).containsOnlyKeys("hits-day");
	}

	@Test
	void aCallThatIsChargedLaterCountsAlready() {
		this.sandboxed.sandbox().advance(Duration.between(TIME, Instant.now()));
		this.sandboxed.limit(SandboxLimit.of("tokens", Period.DAY, 100));
		// That of the other tests has learnt another time from 3scale within the last
		// second
		try (Application application = this.sandboxed.another()) {
			assertThat(limits(application, "/later").get("tokens-day").available()).isEqualTo(90);
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.sandboxed.sandbox().usage("key-1", "tokens")).isEqualTo(10));
			assertThat(limits(application, "/later").get("tokens-day").available()).isEqualTo(80);
		}
	}

	@Test
	void whenLimitsExceededThenTellsWhatIsLeft() {
		this.sandboxed.limit(SandboxLimit.of("tokens", Period.MINUTE, 25), SandboxLimit.of("tokens", Period.DAY, 100));
		this.sandboxed.send("GET", "/ten-tokens", "user-key", "key-1");
		this.sandboxed.send("GET", "/ten-tokens", "user-key", "key-1");
		HttpResponse<String> denied = this.sandboxed.send("GET", "/ten-tokens", "user-key", "key-1");
		assertThat(denied.statusCode()).isEqualTo(429);
		assertThat(RateLimit.of(denied)).containsExactly(
				Map.entry("tokens-day", new RateLimit(100, 86400L, 80, UNTIL_DAY)),
				Map.entry("tokens-minute", new RateLimit(25, 60L, 5, UNTIL_MINUTE)));
		assertThat(denied.headers().allValues("Retry-After")).containsExactly(Long.toString(UNTIL_MINUTE));
		assertThat(JsonPath.<Object>read(denied.body(), "$.violated-policies")).hasToString("[\"tokens-minute\"]");
	}

	@Test
	void politeCallersAreNeverDenied() {
		this.sandboxed.limit(SandboxLimit.of("tokens", Period.MINUTE, 25), SandboxLimit.of("tokens", Period.HOUR, 207),
				SandboxLimit.of("tokens", Period.DAY, 1003), SandboxLimit.of("hits", Period.MINUTE, 4));
		PoliteCaller caller = new PoliteCaller();
		for (int call = 0; call < 220; call++) {
			caller.call((call % 10 != 9) ? "/ten-tokens" : "/search");
		}
		assertThat(caller.denied).isZero();
		assertThat(caller.waited).isBetween(Duration.ofDays(1), Duration.ofDays(2));
	}

	@Test
	void whenALimitIsLargerThanAHeaderCanTellThenTellsTheMost() {
		Application application = withBackend();
		backend.answers(granted("tokens", "day", Long.MAX_VALUE, 10, (Long.MAX_VALUE - 10) / 10));
		assertThat(limits(application, "/ten-tokens")).containsExactly(
				Map.entry("tokens-day", new RateLimit(999_999_999_999_999L, 86400L, 999_999_999_999_999L, UNTIL_DAY)));
	}

	@Test
	void whenAMetricHasCharactersThatNeedAnEscapeThenItsNameDoesNot() {
		Application application = withBackend();
		backend.answers(granted("a&quot;\\b c\u00fc%20", "day", 10, 1, 9));
		assertThat(limits(application, "/strange")).containsOnlyKeys("a%22%5Cb%20c%C3%BC%2520-day");
	}

	/**
	 * 3scale tells the direct children of limited metrics only.
	 */
	@Test
	void whenTheLimitedMetricIsTwoLevelsAboveThenItIsTold() {
		Application application = withBackend();
		backend.answers(headers(Backend.xml(200, "<status><authorized>true</authorized><usage_reports>"
				+ report("hits", "day", 100, 30) + report("storage", "day", 100, 31)
				+ "</usage_reports><hierarchy><metric name=\"hits\" children=\"hits.1\"/></hierarchy></status>"), 7,
				UNTIL_DAY, 100));
		assertThat(limits(application, "/ten-tokens"))
			.containsExactly(Map.entry("hits-day", new RateLimit(100, 86400L, 70, UNTIL_DAY)));
		backend.answers(headers(Backend.denied("limits_exceeded", "<usage_reports>" + report("hits", "day", 100, 95)
				+ report("storage", "day", 100, 0) + "</usage_reports>"), 0, UNTIL_DAY, 100));
		HttpResponse<String> denied = application.get("/ten-tokens");
		assertThat(JsonPath.<Object>read(denied.body(), "$.limits[*]['metric','period','max','current']"))
			.hasToString("[{\"metric\":\"hits\",\"period\":\"day\",\"max\":100,\"current\":95}]");
		assertThat(RateLimit.of(denied))
			.containsExactly(Map.entry("hits-day", new RateLimit(100, 86400L, 5, UNTIL_DAY)));
	}

	/**
	 * As of a client that asks for answers without a body.
	 */
	@Test
	void whenOnlyTheLimitHeadersAreKnownThenTellsTheOneLimitWithoutItsName() {
		Application application = withBackend();
		backend.answers(headers(Backend.xml(200, "").withBody(""), 8, 17, 95));
		assertThat(limits(application, "/ten-tokens"))
			.containsExactly(Map.entry("default", new RateLimit(95, null, 80, 17L)));
		backend.answers(headers(Backend.xml(409, "").withBody(""), 0, 17, 95).withHeader("3scale-rejection-reason",
				"limits_exceeded"));
		HttpResponse<String> denied = application.get("/ten-tokens");
		assertThat(denied.statusCode()).isEqualTo(429);
		assertThat(denied.headers().allValues("Retry-After")).containsExactly("17");
		assertThat(RateLimit.of(denied)).containsExactly(Map.entry("default", new RateLimit(95, null, 0, 17L)));
		assertThat(JsonPath.<Object>read(denied.body(), "$.limits")).hasToString("[{\"max\":95}]");
	}

	private static ResponseDefinitionBuilder granted(String metric, String period, long max, long current,
			long remaining) {
		return headers(
				Backend
					.xml(200,
							"<status><authorized>true</authorized><usage_reports>"
									+ report(metric, period, max, current) + "</usage_reports></status>"),
				remaining, UNTIL_DAY, max);
	}

	private static ResponseDefinitionBuilder headers(ResponseDefinitionBuilder answer, long remaining, long reset,
			long max) {
		return answer.withHeader("3scale-limit-remaining", Long.toString(remaining))
			.withHeader("3scale-limit-reset", Long.toString(reset))
			.withHeader("3scale-limit-max-value", Long.toString(max));
	}

	private static String report(String metric, String period, long max, long current) {
		return "<usage_report metric=\"" + metric + "\" period=\"" + period
				+ "\"><period_start>2026-11-23 00:00:00 +0000</period_start>"
				+ "<period_end>2026-11-24 00:00:00 +0000</period_end><max_value>" + max + "</max_value><current_value>"
				+ current + "</current_value></usage_report>";
	}

	private Application withBackend() {
		return applications.get(webStack(), Api.class, HEADERS);
	}

	private Map<String, RateLimit> limits(String path) {
		return limits(this.sandboxed.get(path));
	}

	private static Map<String, RateLimit> limits(Application application, String path) {
		return limits(application.get(path));
	}

	private static Map<String, RateLimit> limits(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(200);
		return RateLimit.of(answer);
	}

	/**
	 * Knows nothing but the draft: it reads the headers, finds out what a call takes of
	 * each policy, and waits while less than that is available.
	 */
	private final class PoliteCaller {

		private final Map<String, Map<String, Long>> taken = new HashMap<>();

		private Map<String, RateLimit> limits = Map.of();

		private Duration waited = Duration.ZERO;

		private int denied;

		void call(String path) {
			Map<String, Long> needed = this.taken.computeIfAbsent(path, (first) -> new HashMap<>());
			long wait = this.limits.entrySet()
				.stream()
				.filter((limit) -> limit.getValue().available() < needed.getOrDefault(limit.getKey(), 1L))
				.mapToLong((limit) -> limit.getValue().reset())
				.max()
				.orElse(0);
			RateLimitTests.this.sandboxed.sandbox().advance(Duration.ofSeconds(wait));
			this.waited = this.waited.plusSeconds(wait);
			HttpResponse<String> answer = RateLimitTests.this.sandboxed.get(path);
			this.denied += (answer.statusCode() == 429) ? 1 : 0;
			Map<String, RateLimit> told = new HashMap<>(this.limits);
			RateLimit.of(answer).forEach((policy, limit) -> {
				RateLimit before = told.put(policy, limit);
				if (before != null && before.available() > limit.available()) {
					needed.merge(policy, before.available() - limit.available(), Math::max);
				}
			});
			this.limits = told;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@RestController
	static class Controller {

		@GetMapping("/ten-tokens")
		@ThreeScaleMetered(metric = "tokens", delta = 10)
		String tenTokens() {
			return "ten";
		}

		@GetMapping("/later")
		@ThreeScaleMetered(metric = "tokens", delta = 10, chargeOn = "completion")
		String later() {
			return "ten";
		}

		@GetMapping("/search")
		@ThreeScaleMetered("search")
		String search() {
			return "found";
		}

		@GetMapping("/strange")
		@ThreeScaleMetered("a\"\\b c\u00fc%20")
		String strange() {
			return "strange";
		}

	}

}
