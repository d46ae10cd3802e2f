package io.threescale.spring.client.batch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of all applications that have something pending.
 */
final class Applications {

	private final Map<ApplicationCredentials, ApplicationBuffer> buffers = new ConcurrentHashMap<>();

	@Nullable ApplicationBuffer get(ApplicationCredentials application) {
		return this.buffers.get(application);
	}

	/**
	 * Do something to the buffer of an application while nobody else does. It exists for
	 * that, and goes when nothing is left in it.
	 */
	void change(ApplicationCredentials application, Consumer<ApplicationBuffer> change) {
		this.buffers.compute(application, (key, present) -> {
			ApplicationBuffer buffer = (present != null) ? present : new ApplicationBuffer();
			change.accept(buffer);
			return buffer.isEmpty() ? null : buffer;
		});
	}

	List<Aggregate> pending() {
		List<Aggregate> pending = new ArrayList<>();
		this.buffers.values().forEach((buffer) -> pending.addAll(buffer.pending()));
		return pending;
	}

	/**
	 * Return all whose fate is open.
	 */
	Set<Aggregate> unsettled() {
		return unsettled(this::pending, this::underWay);
	}

	/**
	 * Add up what one application has used and 3scale has not accepted.
	 */
	Usage unsettled(ApplicationCredentials application) {
		ApplicationBuffer buffer = get(application);
		if (buffer == null) {
			return Usage.NONE;
		}
		return Usage.of(unsettled(buffer::pending, () -> buffer.underWay().stream()).stream()
			.filter((aggregate) -> aggregate.application().equals(application))
			.collect(Collectors.toMap((aggregate) -> aggregate.slot().metric(), Aggregate::units,
					(one, other) -> Math.min(one + other, Usage.MAX_AMOUNT))));
	}

	/** What is put under way or comes back between two looks is seen by the third. */
	private static Set<Aggregate> unsettled(Supplier<Collection<Aggregate>> pending,
			Supplier<Stream<Shipment>> underWay) {
		Set<Aggregate> unsettled = new HashSet<>(pending.get());
		underWay.get().forEach((shipment) -> unsettled.addAll(shipment.aggregates()));
		unsettled.addAll(pending.get());
		unsettled.removeIf(Aggregate::isSettled);
		return unsettled;
	}

	Stream<Shipment> underWay() {
		return this.buffers.values().stream().flatMap((buffer) -> buffer.underWay().stream()).distinct();
	}

}
