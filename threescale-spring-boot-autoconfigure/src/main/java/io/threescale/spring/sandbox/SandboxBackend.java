package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.threescale.spring.Period;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The state of the sandbox. Everything is looked at and changed under one lock, so unlike
 * in the real backend a check and its count are one step.
 */
final class SandboxBackend {

	private static final Log logger = LogFactory.getLog(ThreeScaleSandbox.class);

	private final ReentrantLock lock = new ReentrantLock();

	private final Ledger ledger = new Ledger();

	private final Faults faults = new Faults();

	private final Condition received = this.lock.newCondition();

	private final SandboxClock clock;

	private final SandboxWorld initialWorld;

	private SandboxWorld world;

	SandboxBackend(SandboxWorld world, SandboxClock clock) {
		this.initialWorld = world;
		this.world = world;
		this.clock = clock;
	}

	Reply receive(RawRequest request) {
		SandboxOperation operation = SandboxOperation.of(request);
		if (operation == null) {
			return Reply.of(Listener.withoutOperation(request));
		}
		Reply reply = locked(() -> reply(operation, request));
		locked(this.ledger::takeNewErrors).forEach((error) -> logger.warn(error.warning()));
		return reply;
	}

	private Reply reply(SandboxOperation operation, RawRequest request) {
		this.ledger.request(operation);
		this.received.signalAll();
		Fault fault = this.faults.take(operation);
		if (fault instanceof Fault.Answer answer) {
			if (answer.counted()) {
				listen(operation, request);
			}
			return Reply.of(new RawAnswer(answer.status(), answer.headers(), answer.body(), false));
		}
		if (fault instanceof Fault.HangUp hangUp && !hangUp.counted()) {
			return Reply.HANG_UP;
		}
		RawAnswer answer = listen(operation, request);
		if (fault instanceof Fault.Slow slow) {
			return new Reply(answer, slow.delay());
		}
		return (fault == null) ? Reply.of(answer) : Reply.HANG_UP;
	}

	private RawAnswer listen(SandboxOperation operation, RawRequest request) {
		this.ledger.prune(this.clock.instant());
		Listener listener = new Listener(new AuthorizeEndpoint(this.world, this.ledger),
				new ReportEndpoint(this.world, this.ledger));
		return listener.answer(operation, request, this.clock.instant());
	}

	/** Sum up, as a key may stand for an application in more than one service. */
	long usage(String key, String metric) {
		return locked(() -> {
			List<BigInteger> amounts = new ArrayList<>();
			this.world.services().forEach((id, service) -> {
				SandboxApplication application = application(service, key);
				if (application != null && new MetricTree(service.metrics()).contains(metric)) {
					amounts.add(this.ledger.value(id, application, metric, Period.ETERNITY, this.clock.instant()));
				}
			});
			return RequestedUsage.clamp(amounts.stream()
				.reduce(BigInteger::add)
				.orElseThrow(() -> new IllegalArgumentException("No service of the sandbox has both such an "
						+ "application and the metric '" + metric
						+ "': ask for a user key or an application id, and a metric, that its world describes")));
		});
	}

	List<CountedTransaction> transactions(String key) {
		return locked(() -> {
			Map<String, String> applications = applications(key);
			return this.ledger.transactions()
				.stream()
				.filter((transaction) -> transaction.application().equals(applications.get(transaction.service())))
				.toList();
		});
	}

	/** The ids a key stands for, by service. */
	private Map<String, String> applications(String key) {
		Map<String, String> applications = new HashMap<>();
		this.world.services().forEach((id, service) -> {
			SandboxApplication application = application(service, key);
			if (application != null) {
				applications.put(id, application.id());
			}
		});
		if (applications.isEmpty()) {
			throw new IllegalArgumentException("No service of the sandbox has such an application: ask for a user key "
					+ "or an application id that its world describes");
		}
		return applications;
	}

	private static @Nullable SandboxApplication application(SandboxService service, String key) {
		return service.applications()
			.stream()
			.filter((application) -> application.isNamed(key))
			.findFirst()
			.orElse(null);
	}

	<T> T read(Function<Ledger, T> question) {
		return locked(() -> question.apply(this.ledger));
	}

	PageState state() {
		return locked(() -> PageState.of(this.world, this.ledger, this.faults, this.clock.instant()));
	}

	PageState advance(Duration duration) {
		this.clock.advance(duration);
		return state();
	}

	void changeWorld(UnaryOperator<SandboxWorld> change) {
		locked(() -> this.world = Objects.requireNonNull(change.apply(this.world), "'world' must not be null"));
	}

	/** Return what is known at this moment: no call comes between. */
	PageState changeFaults(Consumer<Faults> change) {
		return locked(() -> {
			change.accept(this.faults);
			return state();
		});
	}

	/**
	 * Wait until there were not just as many requests as are known.
	 * @return the time that is left, not positive if there is none
	 */
	long awaitRequest(int known, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long left = nanos;
			while (this.ledger.requests() == known && left > 0) {
				left = this.received.awaitNanos(left);
			}
			return left;
		}
		finally {
			this.lock.unlock();
		}
	}

	void reset() {
		locked(() -> {
			this.world = this.initialWorld;
			this.clock.reset();
			this.faults.clear();
			this.ledger.clear();
			return this;
		});
	}

	private <T> T locked(Supplier<T> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
