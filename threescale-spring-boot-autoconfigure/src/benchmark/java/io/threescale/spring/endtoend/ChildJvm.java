package io.threescale.spring.endtoend;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A {@link SmallApplication} in a JVM of its own, which ends with this.
 */
final class ChildJvm implements AutoCloseable {

	static final String READY = "READY\t";

	private static final Path HOST = Path.of("..", "samples", "host", "target", "host.classpath");

	private static final Path STARTER = Path.of("..", "threescale-spring-boot-starter", "target", "starter.classpath");

	private static final int PATIENCE = 1000;

	private final Process process;

	private final List<String> report;

	private ChildJvm(Process process) {
		this.process = process;
		this.report = List.of(ready().substring(READY.length()).split("\t"));
	}

	/**
	 * Start the application on a free loopback port.
	 */
	static ChildJvm start(String classPath, List<String> properties) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xms256m", "-Xmx256m", "-cp", classPath));
		command.add("io.threescale.spring.endtoend.SmallApplication");
		command.addAll(List.of("--server.port=0", "--server.address=127.0.0.1",
				"--server.tomcat.max-keep-alive-requests=-1", "--spring.main.banner-mode=off",
				"--logging.level.root=warn"));
		properties.forEach((property) -> command.add("--" + property));
		try {
			return new ChildJvm(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String classPath() {
		return System.getProperty("java.class.path");
	}

	/**
	 * Return the class path an application has that does not use the starter: that of the
	 * sample "host".
	 */
	static String classPathWithoutStarter() {
		return classPath(List.of(HOST));
	}

	/**
	 * Return the class path the same application has with the starter.
	 */
	static String classPathWithStarter() {
		return classPath(List.of(HOST, STARTER));
	}

	private static String classPath(List<Path> files) {
		Set<String> entries = new LinkedHashSet<>();
		try {
			entries.add(Path.of(SmallApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI())
				.toString());
			for (Path file : files) {
				entries.addAll(List.of(Files.readString(file).trim().split(File.pathSeparator)));
			}
		}
		catch (IOException | URISyntaxException ex) {
			throw new IllegalStateException("Run 'mvn package -DskipTests' first, which makes " + files, ex);
		}
		return String.join(File.pathSeparator, entries);
	}

	private String ready() {
		BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8);
		try {
			for (int i = 0; i < PATIENCE; i++) {
				String line = output.readLine();
				if (line == null) {
					break;
				}
				if (line.startsWith(READY)) {
					return line;
				}
				System.out.println(line);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.process.destroyForcibly();
		throw new IllegalStateException("The application did not start");
	}

	int port() {
		return Integer.parseInt(this.report.get(0));
	}

	/**
	 * Return the time from the start of the JVM until the application was ready.
	 */
	double startMillis() {
		return Double.parseDouble(this.report.get(1));
	}

	/**
	 * Return the CPU time of the thread that started the application. Unlike the time it
	 * took, it hardly depends on what else the machine does.
	 */
	double startCpuMillis() {
		return Double.parseDouble(this.report.get(2));
	}

	List<String> threads() {
		return this.report.subList(3, this.report.size());
	}

	Duration cpu() {
		return this.process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
	}

	/**
	 * Let the application shut down in order, so that it reports what is pending.
	 */
	@Override
	public void close() {
		try {
			this.process.outputWriter().close();
			if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			this.process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
