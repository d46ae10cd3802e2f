package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.threescale.spring.Period;

import org.jspecify.annotations.Nullable;

/**
 * The state of the sandbox. Everything is looked at and changed under one lock, so unlike
 * in the real backend a check and its count are one step.
 */
final class SandboxBackend {

	private final ReentrantLock lock = new ReentrantLock();

	private final Ledger ledger = new Ledger();

	private final Faults faults = new Faults();

	private final SandboxClock clock;

	private SandboxWorld world;

	SandboxBackend(SandboxWorld world, SandboxClock clock) {
		this.world = world;
		this.clock = clock;
	}

	Reply receive(RawRequest request) {
		SandboxOperation operation = SandboxOperation.of(request);
		if (operation == null) {
			return Reply.of(Listener.withoutOperation(request));
		}
		return locked(() -> reply(operation, request));
	}

	private Reply reply(SandboxOperation operation, RawRequest request) {
		this.ledger.request(operation);
		Fault fault = this.faults.take(operation);
		if (fault instanceof Fault.Answer answer) {
			return Reply.of(new RawAnswer(answer.status(), answer.headers(), answer.body(), false));
		}
		if (fault instanceof Fault.HangUp hangUp && !hangUp.counted()) {
			return Reply.HANG_UP;
		}
		Listener listener = new Listener(new AuthorizeEndpoint(this.world, this.ledger),
				new ReportEndpoint(this.world, this.ledger));
		RawAnswer answer = listener.answer(operation, request, this.clock.instant());
		if (fault instanceof Fault.Slow slow) {
			return new Reply(answer, slow.delay());
		}
		return (fault == null) ? Reply.of(answer) : Reply.HANG_UP;
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

	private static @Nullable SandboxApplication application(SandboxService service, String key) {
		return service.applications()
			.stream()
			.filter((application) -> key.equals(application.userKey()) || key.equals(application.appId()))
			.findFirst()
			.orElse(null);
	}

	<T> T read(Function<Ledger, T> question) {
		return locked(() -> question.apply(this.ledger));
	}

	void replaceWorld(SandboxWorld world) {
		locked(() -> this.world = Objects.requireNonNull(world, "'world' must not be null"));
	}

	void change(Consumer<Faults> change) {
		locked(() -> {
			change.accept(this.faults);
			return this;
		});
	}

	void reset() {
		locked(() -> {
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
