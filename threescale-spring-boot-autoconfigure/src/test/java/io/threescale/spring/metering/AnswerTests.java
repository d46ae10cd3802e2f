package io.threescale.spring.metering;

import java.net.http.HttpResponse;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.threescale.spring.Authorization;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Backend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the caller sees.
 */
@TestInstance(Lifecycle.PER_CLASS)
class AnswerTests {

	@RegisterExtension
	static final Backend backend = new Backend();

	private Application application;

	WebApplicationType webStack() {
		return WebApplicationType.SERVLET;
	}

	@BeforeAll
	void start() {
		this.application = Application.start(webStack(), backend, Api.class, properties());
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	String[] properties() {
		return new String[] { "threescale.rate-limit-headers=true" };
	}

	@Test
	void whenCredentialsMissingThen401() {
		HttpResponse<String> answer = this.application.send("GET", "/hello");
		assertProblem(answer, 401, "credentials-missing", "Credentials missing");
		assertThat(answer.headers().allValues("WWW-Authenticate"))
			.containsExactly("APIKey in=\"header\", name=\"user-key\"", "APIKey in=\"query\", name=\"user_key\"");
		assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
		assertThat(backend.calls()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "403, user_key_invalid", "404, application_not_found" })
	void whenCallerUnknownThen403(int status, String code) {
		backend.errs(status, code, "3scale quotes &quot;key-1&quot; is invalid");
		HttpResponse<String> answer = this.application.get("/hello");
		assertProblem(answer, 403, "access-denied", "Access denied");
		assertThat(code(answer)).isEqualTo(code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application_key_invalid", "application_not_active", "referrer_not_allowed",
			"service_not_active", "redirect_uri_invalid", "brand_new_code" })
	void whenDeniedThen403(String code) {
		backend.denies(code);
		HttpResponse<String> answer = this.application.get("/hello");
		assertProblem(answer, 403, "access-denied", "Access denied");
		assertThat(code(answer)).isEqualTo(code);
		assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void whenLimitsExceededThen429() {
		backend.exceeded(0, 17, 10);
		HttpResponse<String> answer = this.application.get("/hello");
		assertProblem(answer, 429, "limits-exceeded", "Limits exceeded");
		assertThat(code(answer)).isEqualTo("limits_exceeded");
		assertThat(answer.headers().allValues("Retry-After")).containsExactly("17");
		assertThat(answer.headers().allValues("RateLimit")).containsExactly("\"hits-minute\";r=0;t=17");
		assertThat(answer.headers().allValues("RateLimit-Policy")).containsExactly("\"hits-minute\";q=10;w=60");
		assertThat(JsonPath.<List<Object>>read(answer.body(), "$.limits[*]['metric','period','max','current']"))
			.hasToString("[{\"metric\":\"hits\",\"period\":\"minute\",\"max\":10,\"current\":10}]");
	}

	@Test
	void whenPeriodEndsNowThenRetryAfterIsNotNought() {
		backend.exceeded(0, 0, 10);
		assertThat(this.application.get("/hello").headers().allValues("Retry-After")).containsExactly("1");
	}

	@Test
	void whenLimitNeverEndsThenNoRetryAfter() {
		backend.exceeded(0, -1, 10);
		HttpResponse<String> answer = this.application.get("/hello");
		assertThat(answer.statusCode()).isEqualTo(429);
		assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
		assertThat(answer.headers().firstValue("RateLimit")).hasValue("\"hits-eternity\";r=0");
	}

	@Test
	void whenBackendGivesNoLimitHeadersThenNoRetryAfter() {
		backend.denies("limits_exceeded");
		HttpResponse<String> answer = this.application.get("/hello");
		assertThat(answer.statusCode()).isEqualTo(429);
		assertThat(answer.headers().map()).doesNotContainKeys("retry-after", "ratelimit", "ratelimit-policy");
	}

	@Test
	void whenParentMetricIsExceededThenNamesIt() {
		backend.answers(Backend.denied("limits_exceeded", "<plan>Basic</plan><usage_reports>"
				+ report("hits", "eternity", 10, 10) + report("hits", "minute", 3, 3) + report("search", "day", 100, 1)
				+ report("upload", "day", 1, 1) + "</usage_reports><hierarchy>"
				+ "<metric name=\"hits\" children=\"search upload\"/><metric name=\"search\" children=\"\"/></hierarchy>"));
		HttpResponse<String> answer = this.application.get("/search");
		assertThat(JsonPath.<List<String>>read(answer.body(), "$.limits[*].period")).containsExactly("eternity",
				"minute");
		assertThat(JsonPath.<List<String>>read(answer.body(), "$.limits[*].metric")).containsOnly("hits");
	}

	@Test
	void whenHierarchyIsCircularThenAnswersAllTheSame() {
		backend.answers(Backend.denied("limits_exceeded",
				"<usage_reports>" + report("hits", "minute", 1, 1) + "</usage_reports><hierarchy>"
						+ "<metric name=\"hits\" children=\"search\"/><metric name=\"search\" children=\"hits\"/>"
						+ "</hierarchy>"));
		assertThat(this.application.get("/hello").statusCode()).isEqualTo(429);
	}

	@Test
	void whenMetricIsSwitchedOffThen403() {
		backend.exceeded(0, 17, 0);
		HttpResponse<String> answer = this.application.get("/hello");
		assertProblem(answer, 403, "metric-disabled", "Not part of the plan");
		assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
	}

	@Test
	void whenBackendUnavailableThen503() {
		backend.errs(500, "whatever", "3scale is down");
		HttpResponse<String> answer = this.application.get("/hello");
		assertProblem(answer, 503, "metering-unavailable", "Metering unavailable");
		assertThat(answer.body()).doesNotContain("code", "limits");
	}

	@Test
	void whenMisconfiguredThen503WithoutTheCause() {
		backend.errs(403, "service_token_invalid", "service token \"" + Backend.SERVICE_TOKEN + "\" is invalid");
		HttpResponse<String> answer = this.application.get("/hello");
		assertProblem(answer, 503, "metering-unavailable", "Metering unavailable");
		assertThat(answer.body()).doesNotContain("token", "service", "config");
	}

	@Test
	void whenGrantedThenMethodAnswers() {
		backend.answers(Backend.grantedWithLimits());
		HttpResponse<String> answer = this.application.get("/hello");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("hello Basic");
		assertThat(answer.headers().allValues("RateLimit")).containsExactly("\"hits-minute\";r=6;t=17");
		assertThat(answer.headers().allValues("RateLimit-Policy")).containsExactly("\"hits-minute\";q=10;w=60");
	}

	@Test
	void whenGrantedWithoutLimitsThenNoRateLimitHeaders() {
		assertThat(this.application.get("/hello").headers().map()).doesNotContainKeys("ratelimit", "ratelimit-policy");
	}

	@Test
	void whenUnmeteredThenDecisionIsUnknown() {
		assertThat(this.application.get("/free").body()).isEqualTo("free null");
		assertThat(backend.calls()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "application/xml", "*/*", "application/json", "image/png",
			"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" })
	void whenCallerAcceptsSomethingElseThenGetsProblemJsonAllTheSame(String accept) {
		backend.exceeded(0, 17, 10);
		HttpResponse<String> answer = this.application.send("GET", "/hello", "user-key", "key-1", "Accept", accept);
		assertProblem(answer, 429, "limits-exceeded", "Limits exceeded");
	}

	@Test
	void whenMethodProducesXmlThenProblemIsJson() {
		backend.exceeded(0, 17, 10);
		assertProblem(this.application.send("GET", "/xml", "user-key", "key-1", "Accept", "application/xml"), 429,
				"limits-exceeded", "Limits exceeded");
	}

	private static String report(String metric, String period, long max, long current) {
		return "<usage_report metric=\"" + metric + "\" period=\"" + period + "\"><max_value>" + max
				+ "</max_value><current_value>" + current + "</current_value></usage_report>";
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String type, String title) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<String>read(answer.body(), "$.type")).isEqualTo("urn:threescale:problem:" + type);
		assertThat(JsonPath.<String>read(answer.body(), "$.title")).isEqualTo(title);
		assertThat(JsonPath.<Integer>read(answer.body(), "$.status")).isEqualTo(status);
		assertThat(JsonPath.<String>read(answer.body(), "$.detail")).isNotBlank();
		assertThat(answer.body()).doesNotContain("3scale", "key-1", Backend.SERVICE_TOKEN, "Basic");
	}

	private static String code(HttpResponse<String> answer) {
		return JsonPath.read(answer.body(), "$.code");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller.class)
	static class Api {

	}

	@RestController
	static class Controller {

		@GetMapping("/hello")
		@ThreeScaleMetered
		String hello(Authorization authorization) {
			return "hello " + authorization.plan();
		}

		@GetMapping("/search")
		@ThreeScaleMetered("search")
		String search() {
			return "found";
		}

		@GetMapping(path = "/xml", produces = "application/xml")
		@ThreeScaleMetered
		String xml() {
			return "<hello/>";
		}

		@GetMapping("/free")
		String free(Authorization.Granted authorization) {
			return "free " + authorization.plan();
		}

	}

}
