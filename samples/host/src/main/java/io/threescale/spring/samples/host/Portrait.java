package io.threescale.spring.samples.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.codec.ClientCodecConfigurer;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * All of an application that a library could change without being asked, a line each.
 */
public class Portrait {

	/** What the lines of the portrait begin with, among those of the log. */
	static final String LINE = "PORTRAIT ";

	private static final List<String> PATHS = List.of("/thing", "/things", "/person", "/text", "/xml", "/problem",
			"/gone", "/throws", "/nothing", "/actuator/health");

	private static final List<String> ACCEPTS = List.of(
			"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", "application/json",
			"application/xml", "text/xml", "application/*+xml", "application/problem+xml", "text/html");

	private static final String LISTEN = "0A";

	private final ConfigurableApplicationContext context;

	private final String url;

	Portrait(ConfigurableApplicationContext context) {
		this.context = context;
		this.url = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
	}

	/**
	 * Start the application, print what it is like, and stop it.
	 */
	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(HostApplication.class, args)) {
			new Portrait(context).lines().forEach((line) -> System.out.println(LINE + line));
		}
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		// First, as all that follows may start some
		threads(lines);
		lines.add("ports: " + ports());
		beans(lines);
		conditions(lines);
		stax(lines);
		clients(lines);
		codecs(lines);
		answers(lines);
		return lines;
	}

	private static void threads(List<String> lines) {
		Set<String> names = new TreeSet<>();
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			names.add(thread.getName().replaceAll("\\d+", "N") + (thread.isDaemon() ? "" : ", not a daemon"));
		}
		names.forEach((name) -> lines.add("thread: " + name));
	}

	/**
	 * Count the sockets of this process that listen, as Linux tells.
	 */
	private static long ports() {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
				Stream<String> sockets = Stream.concat(Files.lines(Path.of("/proc/self/net/tcp")),
						Files.lines(Path.of("/proc/self/net/tcp6")))) {
			Set<String> ours = descriptors.map(Portrait::target).collect(Collectors.toSet());
			return sockets.map((line) -> line.trim().split("\\s+"))
				.filter((socket) -> socket[3].equals(LISTEN) && ours.contains("socket:[" + socket[9] + "]"))
				.count();
		}
		catch (IOException ex) {
			return -1;
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return "closed";
		}
	}

	private void beans(List<String> lines) {
		ConfigurableListableBeanFactory beans = this.context.getBeanFactory();
		for (String name : beans.getBeanDefinitionNames()) {
			Class<?> type = beans.getType(name, false);
			lines.add("bean: " + name + " " + ((type != null) ? type(type) : "?"));
		}
	}

	private void conditions(List<String> lines) {
		ConditionEvaluationReport report = ConditionEvaluationReport.get(this.context.getBeanFactory());
		report.getConditionAndOutcomesBySource()
			.forEach((source, outcomes) -> lines
				.add("auto-configuration: " + source + (outcomes.isFullMatch() ? " matches" : " does not match")));
		report.getUnconditionalClasses().forEach((source) -> lines.add("auto-configuration: " + source));
	}

	private static void stax(List<String> lines) {
		lines.add("StAX: " + type(XMLInputFactory.newFactory().getClass()));
		lines.add("StAX: " + type(XMLOutputFactory.newFactory().getClass()));
		lines.add("StAX: " + type(XMLEventFactory.newFactory().getClass()));
	}

	private void clients(List<String> lines) {
		converters(lines, "Spring MVC",
				this.context.getBean(RequestMappingHandlerAdapter.class).getMessageConverters());
		restTemplate(lines, "new RestTemplate()", new RestTemplate());
		restTemplate(lines, "RestTemplate of Spring Boot", this.context.getBean(RestTemplateBuilder.class).build());
		restClient(lines, "RestClient.create()", RestClient.create());
		restClient(lines, "RestClient of Spring Boot", this.context.getBean(RestClient.Builder.class).build());
	}

	private void restTemplate(List<String> lines, String name, RestTemplate client) {
		converters(lines, name, client.getMessageConverters());
		lines.add("request factory of " + name + ": " + type(client.getRequestFactory().getClass()));
		lines.add("JAXB by " + name + ": " + firstName(client.getForObject(this.url + "/xml", Person.class)));
	}

	private void restClient(List<String> lines, String name, RestClient client) {
		converters(lines, name, (List<?>) field(client, "messageConverters"));
		lines.add("request factory of " + name + ": " + type(field(client, "clientRequestFactory").getClass()));
		lines.add("JAXB by " + name + ": "
				+ firstName(client.get().uri(this.url + "/xml").retrieve().body(Person.class)));
	}

	private static Object field(RestClient client, String name) {
		Field field = Objects.requireNonNull(ReflectionUtils.findField(client.getClass(), name));
		ReflectionUtils.makeAccessible(field);
		return Objects.requireNonNull(ReflectionUtils.getField(field, client));
	}

	private static @Nullable String firstName(@Nullable Person person) {
		return (person != null) ? person.getFirstName() : null;
	}

	private static void converters(List<String> lines, String name, List<?> converters) {
		for (Object converter : converters) {
			lines.add("converter of " + name + ": " + type(converter.getClass()) + " "
					+ ((HttpMessageConverter<?>) converter).getSupportedMediaTypes());
		}
	}

	private static void codecs(List<String> lines) {
		if (ClassUtils.isPresent("org.springframework.web.reactive.function.client.WebClient", null)) {
			ClientCodecConfigurer codecs = ClientCodecConfigurer.create();
			codecs.getReaders()
				.forEach((reader) -> lines
					.add("codec: " + type(reader.getClass()) + " " + reader.getReadableMediaTypes()));
			codecs.getWriters()
				.forEach((writer) -> lines
					.add("codec: " + type(writer.getClass()) + " " + writer.getWritableMediaTypes()));
		}
	}

	private void answers(List<String> lines) {
		HttpClient client = HttpClient.newHttpClient();
		for (String path : PATHS) {
			for (String accept : ACCEPTS) {
				lines.add("answer to GET " + path + " [" + accept + "]: " + answer(client, path, accept));
			}
		}
	}

	private String answer(HttpClient client, String path, String accept) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + path)).header("Accept", accept).build();
		try {
			HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
			Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
			headers.remove("date");
			String body = answer.body()
				.replace(this.url, "(url)")
				.replaceAll("\"timestamp\":\\d+", "(time)")
				.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "(time)")
				.replaceAll("(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \\w{3} \\d\\d [0-9:]+ \\w+ \\d{4}", "(time)")
				.replace("\n", "\\n");
			return answer.statusCode() + " " + headers + " " + body;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the name of a type without what is made up at run time.
	 */
	private static String type(Class<?> type) {
		return type.getName().replaceAll("(\\$\\$Lambda|\\$\\$SpringCGLIB|\\$Proxy).*", "$1");
	}

}
