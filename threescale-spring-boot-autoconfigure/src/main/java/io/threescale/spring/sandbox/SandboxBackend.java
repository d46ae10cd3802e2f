package io.threescale.spring.sandbox;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
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

	private final FaultQueue faults = new FaultQueue();

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
		Fault fault = this.faults.next(operation);
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
			BigInteger sum = BigInteger.ZERO;
			boolean known = false;
			for (Map.Entry<String, SandboxService> service : this.world.services().entrySet()) {
				SandboxApplication application = application(service.getValue(), key);
				if (application != null) {
					known = true;
					sum = sum.add(this.ledger.value(service.getKey(), application, metric, Period.ETERNITY,
							this.clock.instant()));
				}
			}
			if (!known) {
				throw new IllegalArgumentException("No service of the sandbox has such an application: "
						+ "ask for the user key or the application id of one that its world describes");
			}
			return RequestedUsage.clamp(sum);
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

	void fail(int times, Fault fault, SandboxOperation... only) {
		locked(() -> {
			this.faults.add(times, fault, only);
			return fault;
		});
	}

	void recover() {
		locked(() -> {
			this.faults.clear();
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
