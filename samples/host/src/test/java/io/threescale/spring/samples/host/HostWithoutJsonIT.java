package io.threescale.spring.samples.host;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumMap;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs applications that are metered and have no Jackson 3, in JVMs of their own with the
 * class path they have at their users: who is denied is told all that others are told.
 */
class HostWithoutJsonIT {

	private static final HttpClient CALLER = HttpClient.newHttpClient();

	private static final String JACKSON = "tools/jackson/.*|com/fasterxml/jackson/.*|.*spring-boot-(starter-)?jackson";

	private static final String SANDBOX = "threescale.sandbox.";

	private static final String SERVICE = SANDBOX + "services[1001].";

	private static final String[] METERED = { "threescale.rules[0].pattern=/**", SANDBOX + "enabled=true",
			SERVICE + "metrics[0].name=hits", SERVICE + "plans.basic.name=Basic",
			SERVICE + "plans.basic.limits[0].metric=hits", SERVICE + "plans.basic.limits[0].period=eternity",
			SERVICE + "plans.basic.limits[0].max=1", SERVICE + "applications[0].user-key=demo",
			SERVICE + "applications[0].plan=basic", "threescale.connection.response-timeout=20s",
			"threescale.connection.total-timeout=20s" };

	private static final Map<Json, Process> PROCESSES = new EnumMap<>(Json.class);

	@BeforeAll
	static void start() throws IOException {
		for (Json json : Json.values()) {
			PROCESSES.put(json, json.host().withStarter(METERED).start(HostApplication.class));
		}
	}

	@AfterAll
	static void stop() {
		PROCESSES.values().forEach(Process::destroyForcibly);
	}

	@ParameterizedTest
	@EnumSource
	void shouldTellWhyACallIsDenied(Json json) throws IOException, InterruptedException {
		URI url = Host.url(PROCESSES.get(json));
		HttpResponse<String> unauthenticated = get(url);
		assertProblem(unauthenticated, 401, "credentials-missing");
		assertThat(unauthenticated.headers().allValues("WWW-Authenticate")).hasSize(2);
		HttpResponse<String> unknown = get(url, "user-key", "nobody");
		assertProblem(unknown, 403, "access-denied");
		assertThat(JsonPath.<String>read(unknown.body(), "$.code")).isEqualTo("user_key_invalid");
		assertThat(get(url, "user-key", "demo").statusCode() == 200).as("has what writes JSON")
			.isEqualTo(json.isThere());
		HttpResponse<String> exceeded = get(url, "user-key", "demo");
		assertProblem(exceeded, 429, "limits-exceeded");
		assertThat(JsonPath.<Map<String, Object>>read(exceeded.body(), "$.limits[0]")).containsEntry("metric", "hits")
			.containsEntry("period", "eternity")
			.containsEntry("max", 1);
	}

	private static HttpResponse<String> get(URI url, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve("/thing"));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return CALLER.send(request.build(), BodyHandlers.ofString());
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String type) {
		assertThat(answer.statusCode()).isEqualTo(status);
		assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/problem+json");
		assertThat(JsonPath.<Map<String, Object>>read(answer.body(), "$"))
			.containsEntry("type", "urn:threescale:problem:" + type)
			.containsEntry("status", status)
			.containsEntry("instance", "/thing")
			.containsKeys("title", "detail");
	}

	/**
	 * What an application writes JSON with.
	 */
	enum Json {

		NOTHING(Host.withoutStarter().less(JACKSON)),

		GSON(Host.withoutStarter().less(JACKSON).and("com/google/code/gson/.*")),

		JACKSON_2(Host.withoutStarter().less(JACKSON).and("com/fasterxml/jackson/core/.*")),

		NOTHING_ON_WEBFLUX(Host.withoutStarter()
			.less(JACKSON + "|.*spring-(boot-)?webmvc|org/apache/tomcat/.*|.*spring-boot-tomcat")
			.and(".*spring-boot-(webflux|http-codec|reactor|reactor-netty|netty)|.*spring-webflux|"
					+ "io/projectreactor/.*|org/reactivestreams/.*|io/netty/.*"));

		private final Host host;

		Json(Host host) {
			this.host = host;
		}

		Host host() {
			return this.host;
		}

		boolean isThere() {
			return this == GSON || this == JACKSON_2;
		}

	}

}
