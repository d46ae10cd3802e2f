package io.threescale.spring.samples.host;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The class path an application has, without the starter and with it.
 */
record Host(List<String> classPath, List<String> properties) {

	private static final Path CLASSES = Path.of("target", "classes");

	private static final Path HOST = Path.of("target", "host.classpath");

	private static final Path STARTER = Path.of("..", "..", "threescale-spring-boot-starter", "target",
			"starter.classpath");

	private static final Pattern STARTED = Pattern.compile("started on port (\\d+)");

	static Host withoutStarter() {
		return new Host(read(HOST), List.of());
	}

	private static List<String> read(Path file) {
		try {
			return List.of(Files.readString(file).trim().split(File.pathSeparator));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Run 'mvn verify', which makes the file", ex);
		}
	}

	/**
	 * Add the starter.
	 */
	Host withStarter(String... properties) {
		return new Host(joined(this.classPath, read(STARTER)), List.of(properties));
	}

	private static List<String> joined(List<String> first, List<String> second) {
		Set<String> all = new LinkedHashSet<>(first);
		all.addAll(second);
		return List.copyOf(all);
	}

	/**
	 * Take away some jars.
	 */
	Host less(String jars) {
		return new Host(this.classPath.stream().filter(matching(jars).negate()).toList(), this.properties);
	}

	/**
	 * Add some jars that only the tests have.
	 */
	Host and(String jars) {
		List<String> more = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter(matching(jars))
			.toList();
		return new Host(joined(this.classPath, more), this.properties);
	}

	private static Predicate<String> matching(String jars) {
		return (path) -> path.replace('\\', '/').matches(".*/(" + jars + ")/.*");
	}

	/**
	 * Start the application in a JVM of its own.
	 * @param main starts it
	 */
	Process start(Class<?> main) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// As fast as short lives can be
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
				CLASSES + File.pathSeparator + String.join(File.pathSeparator, this.classPath), main.getName(),
				"--server.port=0", "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
				"--threescale.service-id=1001", "--threescale.service-token=token",
				"--threescale.url=http://127.0.0.1:1"));
		this.properties.forEach((property) -> command.add("--" + property));
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	/**
	 * Read the portrait of an application that was started to print it.
	 */
	static List<String> portrait(Process process) throws IOException, InterruptedException {
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
				throw new IllegalStateException("The application failed:\n" + output);
			}
			return output.lines()
				.filter((line) -> line.startsWith(Portrait.LINE))
				.map((line) -> line.substring(Portrait.LINE.length()))
				.toList();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Wait until an application serves that was started, and return where.
	 */
	static URI url(Process process) throws IOException {
		BufferedReader output = process.inputReader();
		StringBuilder log = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			Matcher started = STARTED.matcher(line);
			if (started.find()) {
				return URI.create("http://127.0.0.1:" + started.group(1));
			}
			log.append(line).append('\n');
		}
		throw new IllegalStateException("The application failed:\n" + log);
	}

}
