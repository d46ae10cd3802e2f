package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Usage;
import io.threescale.spring.client.CredentialsHasher;
import io.threescale.spring.client.KeyedHash;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.reporting.Counter.Key;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * The usage of all applications of a service that 3scale does not show yet. It is the one
 * truth about it: batches are taken from here, the spool is written from here, and
 * decisions in the process read it.
 */
@ApiStatus.Internal
public final class UsageBook {

	private final Map<KeyedHash, ApplicationUsage> applications = new ConcurrentHashMap<>();

	/** Counters that took usage since the spool was written. */
	private final Set<Counter> changed = ConcurrentHashMap.newKeySet();

	private final AtomicInteger openCounters = new AtomicInteger();

	private final AtomicLong ids = new AtomicLong();

	private final CredentialsHasher hasher;

	private final KnownApplications known;

	private final SteadyTime time;

	private final CounterLimit limit;

	private final BatchingSettings settings;

	private final Clock clock;

	private final boolean spooled;

	private volatile Runnable whenClosed = () -> {
	};

	private volatile boolean open;

	private volatile boolean flushDue;

	UsageBook(CredentialsHasher hasher, KnownApplications known, SteadyTime time, CounterLimit limit,
			BatchingSettings settings, Clock clock, boolean spooled) {
		this.hasher = hasher;
		this.known = known;
		this.time = time;
		this.limit = limit;
		this.settings = settings;
		this.clock = clock;
		this.spooled = spooled;
	}

	/**
	 * Return what names applications here.
	 * @return the hasher
	 */
	public CredentialsHasher hasher() {
		return this.hasher;
	}

	/**
	 * Return what 3scale is known to have.
	 * @return the applications and metrics
	 */
	public KnownApplications known() {
		return this.known;
	}

	/**
	 * Return the time by which usage becomes old.
	 * @return the time
	 */
	public SteadyTime time() {
		return this.time;
	}

	/**
	 * Find what an application has used, or begin to note it.
	 * @param hash the hash of its identity
	 * @param credentials any credentials of the application
	 * @return its usage
	 */
	public ApplicationUsage of(KeyedHash hash, ApplicationCredentials credentials) {
		ApplicationUsage present = this.applications.get(hash);
		while (present == null || present.isRemoved()) {
			if (present != null) {
				this.applications.remove(hash, present);
			}
			present = this.applications.computeIfAbsent(hash,
					(absent) -> new ApplicationUsage(this, hash, credentials.identity()));
		}
		return present;
	}

	/**
	 * Find what an application has used.
	 * @param hash the hash of its identity
	 * @return its usage, or {@code null} if there is none
	 */
	public @Nullable ApplicationUsage find(KeyedHash hash) {
		return this.applications.get(hash);
	}

	Collection<ApplicationUsage> applications() {
		return this.applications.values();
	}

	/**
	 * Do something inside the monitor of what an application has used, which is not
	 * removed there.
	 * @param <T> the type of the result
	 * @param hash the hash of its identity
	 * @param credentials any credentials of the application
	 * @param work what to do; must not wait
	 * @return the result
	 */
	public <T> T within(KeyedHash hash, ApplicationCredentials credentials, Function<ApplicationUsage, T> work) {
		while (true) {
			ApplicationUsage usage = of(hash, credentials);
			synchronized (usage) {
				if (!usage.isRemoved()) {
					return work.apply(usage);
				}
			}
		}
	}

	<T> T within(ApplicationCredentials credentials, Function<ApplicationUsage, T> work) {
		return within(this.hasher.application(credentials), credentials, work);
	}

	/**
	 * Take usage, all of it or nothing.
	 * @return whether it was taken
	 */
	boolean add(ApplicationCredentials application, Usage usage, Instant time, @Nullable Integer responseCode,
			boolean flatUsage) {
		return within(application, (present) -> present.add(usage, time, responseCode, flatUsage));
	}

	/**
	 * Take in what an earlier process has left, however much it is.
	 */
	Counter restore(SpooledUsage spooled) {
		return within(spooled.application(), (usage) -> {
			boolean known = isKnown(usage.hash());
			this.limit.force(1, known);
			this.openCounters.incrementAndGet();
			Key key = Key.of(spooled.metric(), spooled.minute(), spooled.responseCode(), spooled.flatUsage());
			Counter counter = new Counter(spooled.id(), usage, key, known, spooled.since().toEpochMilli());
			counter.add(spooled.units());
			usage.open().restore(counter);
			return counter;
		});
	}

	boolean isKnown(KeyedHash application) {
		return this.known.knowsApplication(application);
	}

	boolean acquire(int counters, boolean known) {
		return this.open && this.limit.acquire(counters, known);
	}

	Counter newCounter(ApplicationUsage owner, Key key, boolean known) {
		this.openCounters.incrementAndGet();
		return new Counter(nextId(), owner, key, known, this.clock.millis());
	}

	void added(Counter counter, long units) {
		if (this.spooled) {
			this.changed.add(counter);
		}
		if (this.settings.isImmediate() || this.openCounters.get() >= this.settings.batchSize()
				|| (counter.units() >= this.settings.flushUnits()
						&& counter.units() - units < this.settings.flushUnits())) {
			this.flushDue = true;
		}
	}

	void release(Counter counter) {
		this.openCounters.decrementAndGet();
		this.limit.release(1, counter.isOfKnownApplication());
	}

	/**
	 * Tell whether calls with a response code are not added up, as 3scale counts a code
	 * once a transaction. Only what is reported at once can do without, while it is
	 * little.
	 */
	boolean keepsCodesApart() {
		return this.settings.isImmediate() && this.openCounters.get() < this.settings.batchSize();
	}

	/**
	 * Tell whether anybody wants to know what 3scale may not show yet.
	 */
	boolean keepsUnconfirmed() {
		return !this.settings.isImmediate();
	}

	void unconfirmed(int count) {
		this.limit.unconfirmed(count);
	}

	/**
	 * Tell, once, that so much is pending that it should not wait for its time.
	 */
	boolean takeFlushDue() {
		if (!this.flushDue) {
			return false;
		}
		this.flushDue = false;
		return true;
	}

	/**
	 * Tell whether usage of an application that is not here yet would find room.
	 * @return whether the limit of counters is not reached
	 */
	public boolean hasRoom() {
		return this.open && !this.limit.isReached();
	}

	/**
	 * Visit all counters that 3scale has not accepted, each in the monitor of its
	 * application.
	 */
	void forEachOpen(Consumer<Counter> visitor) {
		this.applications.values().forEach((usage) -> usage.forEachOpen(visitor));
	}

	/**
	 * Visit all counters that took usage since this was called last. Read their units
	 * after that: what comes in between is visited the next time as well.
	 */
	void takeChanged(Consumer<Counter> visitor) {
		this.changed.removeIf((counter) -> {
			visitor.accept(counter);
			return true;
		});
	}

	/**
	 * Forget unconfirmed usage that 3scale shows by now, and applications without any
	 * usage.
	 */
	void confirm(long now) {
		long settleTime = this.settings.settleTime().toNanos();
		this.applications.forEach((hash, usage) -> {
			if (usage.confirm(now, settleTime)) {
				this.applications.remove(hash, usage);
			}
		});
	}

	/**
	 * Take it that 3scale shows all that was delivered.
	 */
	public void confirmAll() {
		this.applications.values().forEach((usage) -> usage.confirmUntil(Long.MAX_VALUE));
	}

	/**
	 * Return an id that no counter has.
	 */
	long nextId() {
		return this.ids.incrementAndGet();
	}

	/**
	 * Leave ids alone that are taken.
	 */
	void countIdsFrom(long lastId) {
		this.ids.set(lastId);
	}

	boolean isOpen() {
		return this.open;
	}

	void open() {
		this.open = true;
	}

	/**
	 * Take no more usage. Whoever was about to add some has done it, or will not, when
	 * all monitors of applications were entered after this.
	 */
	void close() {
		this.open = false;
		this.whenClosed.run();
	}

	/**
	 * Have something done when no more usage is taken, before the last of it is reported.
	 * @param action what to do; must not wait long
	 */
	public void whenClosed(Runnable action) {
		this.whenClosed = action;
	}

	int size() {
		return this.openCounters.get();
	}

}
