package io.threescale.spring.endtoend;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link SmallApplication} in a JVM of its own, which ends with this.
 */
final class ChildJvm implements AutoCloseable {

	static final String READY = "READY\t";

	/** What is there for tests only, or optional and not needed to start. */
	private static final String ADDED = "h2-mvstore|resilience4j|webclient|http-codec|boot-webflux|boot-reactor|security"
			+ "|blockhound";

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
	 * Return the class path an application has that does not use the starter.
	 */
	static String classPathWithoutStarter() {
		return classPathWithout("netty|reactor-core|reactive-streams|webflux|dataformat-xml|woodstox|stax2|caffeine|"
				+ ADDED, true);
	}

	/**
	 * Return the class path an application has that uses the starter, and nothing of what
	 * is optional.
	 */
	static String classPathWithStarter() {
		return classPathWithout(ADDED, false);
	}

	private static String classPathWithout(String jars, boolean withoutStarter) {
		List<String> entries = new ArrayList<>();
		for (String entry : classPath().split(File.pathSeparator)) {
			boolean starter = entry.endsWith("target" + File.separator + "classes");
			if (!(starter && withoutStarter) && !entry.matches(".*(" + jars + ")[^/]*\\.jar")) {
				entries.add(entry);
			}
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
