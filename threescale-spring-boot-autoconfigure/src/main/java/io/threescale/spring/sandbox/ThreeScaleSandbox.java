package io.threescale.spring.sandbox;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A 3scale backend in memory, for trying out, for samples and for tests. It listens on a
 * loopback port, speaks the Service Management API, and counts at once. Its
 * {@linkplain #page() page} shows what it knows. <pre>{@code
 * try (ThreeScaleSandbox sandbox = ThreeScaleSandbox.start(world)) {
 *     // point the client at sandbox.uri(), call it, and then
 *     assertThat(sandbox.usage("demo", "hits")).isEqualTo(1);
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class ThreeScaleSandbox implements AutoCloseable {

	private final SandboxClock clock;

	private final SandboxBackend backend;

	private final SandboxServer server;

	private final List<Runnable> deliveries = new CopyOnWriteArrayList<>();

	private ThreeScaleSandbox(SandboxWorld world, int port, Clock clock) {
		this.clock = new SandboxClock(clock);
		this.backend = new SandboxBackend(world, this.clock);
		this.server = new SandboxServer(this.backend, port);
	}

	/**
	 * Start a sandbox on a free port.
	 * @param world what it knows
	 * @return the running sandbox
	 */
	public static ThreeScaleSandbox start(SandboxWorld world) {
		return start(world, 0);
	}

	/**
	 * Start a sandbox on a port.
	 * @param world what it knows
	 * @param port the loopback port, or 0 for a free one
	 * @return the running sandbox
	 */
	public static ThreeScaleSandbox start(SandboxWorld world, int port) {
		return start(world, port, Clock.systemUTC());
	}

	/**
	 * Start a sandbox on a port and with a clock.
	 * @param world what it knows
	 * @param port the loopback port, or 0 for a free one
	 * @param clock the clock that tells calendar periods
	 * @return the running sandbox
	 */
	public static ThreeScaleSandbox start(SandboxWorld world, int port, Clock clock) {
		return new ThreeScaleSandbox(world, port, clock);
	}

	/**
	 * Return the base URL, for a client's configuration.
	 * @return the base URL
	 */
	public URI uri() {
		return URI.create("http://127.0.0.1:" + port());
	}

	/**
	 * Return the address of the page that shows applications, limits and usage to people,
	 * and has buttons for faults and for time.
	 * @return the address, to be opened in a browser
	 */
	public URI page() {
		return URI.create(uri() + "/");
	}

	/**
	 * Return the port the sandbox listens on.
	 * @return the port
	 */
	public int port() {
		return this.server.port();
	}

	/**
	 * Return all an application has used of a metric, its methods included.
	 * @param application the user key or the application id
	 * @param metric the system name of the metric
	 * @return the amount counted since the start or the last {@link #reset()}
	 */
	public long usage(String application, String metric) {
		deliver();
		return this.backend.usage(application, metric);
	}

	/**
	 * Return what was counted, in order: granted authreps and accepted transactions.
	 * @return the latest 100,000 counted transactions
	 */
	public List<CountedTransaction> transactions() {
		deliver();
		return this.backend.read(Ledger::transactions);
	}

	/**
	 * Return what was counted for an application, in order.
	 * @param application the user key or the application id
	 * @return those of the latest 100,000 counted transactions that are its own
	 */
	public List<CountedTransaction> transactions(String application) {
		deliver();
		return this.backend.transactions(application);
	}

	/**
	 * Wait until a condition is met. It is looked at now and whenever a request has
	 * arrived, as usage may be reported after the call it belongs to was answered.
	 * @param condition what to wait for, such as an amount of {@link #usage usage}
	 * @param timeout how long to wait at most
	 * @return whether the condition was met in time
	 */
	public boolean await(BooleanSupplier condition, Duration timeout) {
		long left = timeout.toNanos();
		while (true) {
			int known = this.backend.read(Ledger::requests);
			if (condition.getAsBoolean()) {
				return true;
			}
			if (left <= 0) {
				return false;
			}
			try {
				left = this.backend.awaitRequest(known, left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}
	}

	/**
	 * Have a client deliver the usage it holds back whenever somebody is about to read
	 * what was counted, or to reset it.
	 * @param delivery returns when the usage is delivered
	 */
	public void deliverBeforeReading(Runnable delivery) {
		this.deliveries.add(delivery);
	}

	private void deliver() {
		this.deliveries.forEach(Runnable::run);
	}

	/**
	 * Return how many requests of an operation arrived, whatever became of them.
	 * @param operation the operation
	 * @return the number of requests
	 */
	public int requests(SandboxOperation operation) {
		return this.backend.read((ledger) -> ledger.requests(operation));
	}

	/**
	 * Return why calls could not be answered and accepted reports were discarded.
	 * @return the latest 1,000 integration errors, in order
	 */
	public List<IntegrationError> integrationErrors() {
		return this.backend.read(Ledger::errors);
	}

	/** How many counters there are, for a test that they do not pile up. */
	int counters() {
		return this.backend.read(Ledger::counters);
	}

	/**
	 * Be as after the start: forget all usage, requests, integration errors and faults,
	 * the time that was let pass and the world that was put in place.
	 */
	public void reset() {
		recover();
		deliver();
		this.backend.reset();
	}

	/**
	 * Go on with another world, as if it was changed in the portal; counters stay.
	 * @param world what the sandbox knows from now on
	 */
	public void replaceWorld(SandboxWorld world) {
		this.backend.changeWorld((before) -> world);
	}

	/**
	 * Change a service, as if it was changed in the portal; counters stay. <pre>{@code
	 * sandbox.changeService("1001", (service) -> service.withoutMetric("search"));
	 * sandbox.changeService("1001", (service) -> service
	 *     .changeApplication("demo", (application) -> application.onPlan("gold")));
	 * }</pre>
	 * @param id the id of the service
	 * @param change returns the changed service
	 * @throws IllegalArgumentException if there is no such service, or what it would
	 * become contradicts itself
	 */
	public void changeService(String id, UnaryOperator<SandboxService> change) {
		this.backend.changeWorld((world) -> world.changeService(id, change));
	}

	/**
	 * Return the clock of the sandbox, for an application that has to agree with it.
	 * @return the clock, which follows {@link #advance(Duration)}
	 */
	public Clock clock() {
		return this.clock;
	}

	/**
	 * Let time pass, for instance into the next period of a limit. The sandbox is ahead
	 * of the application then, or behind it if the duration is negative: periods, resets
	 * and the time usage is counted at follow the clock of the sandbox.
	 * @param duration how much; a negative one puts the clock back
	 */
	public void advance(Duration duration) {
		this.backend.advance(duration);
	}

	/**
	 * Fail every call until {@link #recover()}, unless it is one of those
	 * {@link #failNext(int, Fault, SandboxOperation...) to fail next}.
	 * @param fault how to fail
	 * @param only the operations to fail; none means all
	 */
	public void fail(Fault fault, SandboxOperation... only) {
		this.backend.changeFaults((faults) -> faults.stand(fault, only));
	}

	/**
	 * Fail the next calls; asked for again, the ones after them.
	 * @param times how many calls
	 * @param fault how to fail
	 * @param only the operations to fail; none means all
	 */
	public void failNext(int times, Fault fault, SandboxOperation... only) {
		if (times < 1) {
			throw new IllegalArgumentException("Cannot fail the next " + times + " calls: use 1 or more");
		}
		this.backend.changeFaults((faults) -> faults.addNext(times, fault, only));
	}

	/**
	 * Forget all faults and answer again.
	 */
	public void recover() {
		this.backend.changeFaults(Faults::clear);
	}

	/**
	 * Stop listening and free the port.
	 */
	@Override
	public void close() {
		this.server.close();
	}

	@Override
	public String toString() {
		return "ThreeScaleSandbox[" + uri() + "]";
	}

}
