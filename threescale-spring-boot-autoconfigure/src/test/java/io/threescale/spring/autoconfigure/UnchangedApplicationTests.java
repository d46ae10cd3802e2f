package io.threescale.spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.threescale.spring.fixture.Application;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with the starter answers its own endpoints like the same application
 * without it. Both run here, each with a class path of its own.
 */
class UnchangedApplicationTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

	private static final String[] ACCEPTS = { BROWSER, "application/xml", "text/xml", "application/json", "*/*",
			"application/*+xml", "application/problem+xml", "application/problem+json", "text/html", "image/png", "" };

	private static final String[] PATHS = { "/thing", "/things", "/text", "/xml-text", "/bound", "/problem",
			"/problem-exception", "/throws", "/nothing", "/thing?format=xml", "/thing?format=json", "/client-accept",
			"/beans", "/converters" };

	@ParameterizedTest
	@ValueSource(strings = { "jaxb|angus|txw2|istack|jakarta.xml.bind", "no such jar" })
	void shouldAnswerAsWithoutTheStarter(String absent) throws Exception {
		List<String> with = answers((jar) -> !matches(jar, absent));
		List<String> without = answers((jar) -> !matches(jar, absent)
				&& !matches(jar, "jackson-dataformat-xml|woodstox|stax2|autoconfigure.target.classes|reactor-netty"));
		assertThat(with).hasSizeGreaterThan(150).containsExactlyElementsOf(without);
		assertThat(with)
			.anyMatch((answer) -> answer
				.contains("GET /thing [" + BROWSER + "] 200 [application/json] [] {\"name\":\"it\",\"size\":3}"))
			.anyMatch((answer) -> answer.startsWith("GET /client-accept [*/*] 200"))
			.anyMatch((answer) -> answer.startsWith("GET /beans [*/*] 200"))
			.anyMatch((answer) -> answer.startsWith("GET /converters [*/*] 200"));
	}

	@Test
	void whenNotWithheldThenAnswersXml() throws Exception {
		assertThat(answers((jar) -> true, "threescale.withhold-jackson-xml=false"))
			.anyMatch((answer) -> answer.startsWith("GET /thing [application/xml] 200 [application/xml"));
	}

	private static boolean matches(String jar, String pattern) {
		return jar.matches(".*(" + pattern + ").*");
	}

	private static List<String> answers(Predicate<String> classPath, String... properties) throws Exception {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader isolated = new URLClassLoader(urls(classPath), ClassLoader.getPlatformClassLoader())) {
			Thread.currentThread().setContextClassLoader(isolated);
			// Tomcat registers it for the whole virtual machine, which can be done only
			// once
			invoke(isolated.loadClass("org.apache.catalina.webresources.TomcatURLStreamHandlerFactory"), null,
					"disable", new Class<?>[0]);
			List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
					"--server.shutdown=immediate", "--spring.main.banner-mode=off", "--logging.level.root=off",
					"--spring.mvc.contentnegotiation.favor-parameter=true", "--threescale.service-id=4711",
					"--threescale.service-token=token", "--spring.main.register-shutdown-hook=false"));
			for (String property : properties) {
				arguments.add("--" + property);
			}
			Object context = invoke(isolated.loadClass("org.springframework.boot.SpringApplication"), null, "run",
					new Class<?>[] { Class.class, String[].class },
					isolated.loadClass("io.threescale.spring.autoconfigure.unchanged.UnchangedApplication"),
					arguments.toArray(String[]::new));
			try {
				Object environment = invoke(context.getClass(), context, "getEnvironment", new Class<?>[0]);
				Object port = invoke(environment.getClass(), environment, "getProperty",
						new Class<?>[] { String.class }, "local.server.port");
				return ask((String) port);
			}
			finally {
				invoke(context.getClass(), context, "close", new Class<?>[0]);
			}
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	private static List<String> ask(String port) {
		List<String> answers = new ArrayList<>();
		for (String path : PATHS) {
			for (String accept : ACCEPTS) {
				answers.add(ask(port, "GET", path, accept, "", ""));
			}
		}
		for (String type : new String[] { "application/json", "application/xml", "text/xml", "text/plain" }) {
			for (String body : new String[] { "{\"name\":\"it\",\"size\":3}", "<thing><name>it</name></thing>" }) {
				answers.add(ask(port, "POST", "/thing", "*/*", type, body));
				answers.add(ask(port, "POST", "/bound", "*/*", type, body));
			}
		}
		return answers;
	}

	private static String ask(String port, String method, String path, String accept, String type, String body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		if (!accept.isEmpty()) {
			request.header("Accept", accept);
		}
		if (!type.isEmpty()) {
			request.header("Content-Type", type);
		}
		HttpResponse<String> answer = Application.send(request.build());
		String text = answer.body()
			.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "(time)")
			.replaceAll("(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \\w{3} \\d\\d [0-9:]+ \\w+ \\d{4}", "(time)");
		return method + " " + path + " [" + accept + "] " + answer.statusCode() + " "
				+ answer.headers().allValues("Content-Type") + " " + answer.headers().allValues("Accept") + " " + text;
	}

	private static URL[] urls(Predicate<String> classPath) throws MalformedURLException {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (classPath.test(entry) && !entry.contains("wiremock")) {
				urls.add(new File(entry).toURI().toURL());
			}
		}
		return urls.toArray(URL[]::new);
	}

	private static Object invoke(Class<?> type, @Nullable Object target, String method, Class<?>[] types,
			Object... arguments) throws ReflectiveOperationException, IOException {
		try {
			Method found = type.getMethod(method, types);
			found.setAccessible(true);
			return found.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw new IOException(ex.getCause());
		}
	}

}
