package io.threescale.spring.client.reporting;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.reporting.ApplicationUsage.Reservation;
import io.threescale.spring.client.reporting.ApplicationUsage.Taken;
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

	private final AtomicInteger openCounters = new AtomicInteger();

	private final AtomicLong ids = new AtomicLong();

	/** Counters the spool does not know as they are. */
	private final Queue<Counter> changes = new ConcurrentLinkedQueue<>();

	private final CredentialsHasher hasher;

	private final KnownApplications known;

	private final SteadyTime time;

	private final CounterLimit limit;

	private final BatchingSettings settings;

	private final Clock clock;

	private final boolean durable;

	private volatile boolean open;

	private volatile boolean flushDue;

	UsageBook(CredentialsHasher hasher, KnownApplications known, SteadyTime time, CounterLimit limit,
			BatchingSettings settings, Clock clock, boolean durable) {
		this.hasher = hasher;
		this.known = known;
		this.time = time;
		this.limit = limit;
		this.settings = settings;
		this.clock = clock;
		this.durable = durable;
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
	 * Take usage, all of it or nothing.
	 * @return whether it was taken
	 */
	boolean add(ApplicationCredentials application, Usage usage, Instant time, @Nullable Integer responseCode,
			boolean flatUsage) {
		KeyedHash hash = this.hasher.application(application);
		Taken taken = Taken.REMOVED;
		while (taken == Taken.REMOVED) {
			taken = of(hash, application).add(usage, time, responseCode, flatUsage);
		}
		return taken == Taken.YES;
	}

	/**
	 * Usage of a transaction that is reported past the book.
	 */
	record Reserved(ApplicationUsage owner, Reservation reservation, Instant time) {
	}

	/**
	 * Set the usage of a transaction aside while it is reported.
	 */
	Reserved reserve(Transaction transaction) {
		KeyedHash hash = this.hasher.application(transaction.application());
		Instant timestamp = transaction.timestamp();
		while (true) {
			ApplicationUsage owner = of(hash, transaction.application());
			Reservation reservation = owner.reserve(transaction.usage());
			if (reservation != null) {
				return new Reserved(owner, reservation, (timestamp != null) ? timestamp : this.clock.instant());
			}
		}
	}

	/**
	 * Note that the report of usage is over.
	 * @param counted whether 3scale counts it, or may
	 */
	void ended(Reserved reserved, boolean counted) {
		if (counted) {
			reserved.owner().counted(reserved.reservation(), reserved.time(), this.time.read());
		}
		else {
			reserved.owner().release(reserved.reservation());
		}
	}

	/**
	 * Take in what an earlier process has left, however much it is.
	 */
	void restore(SpooledUsage spooled) {
		KeyedHash hash = this.hasher.application(spooled.application());
		boolean isKnown = isKnown(hash);
		this.limit.force(1, isKnown);
		this.openCounters.incrementAndGet();
		Key key = Key.of(spooled.metric(), spooled.minute(), spooled.responseCode(), spooled.flatUsage());
		boolean restored = false;
		while (!restored) {
			ApplicationUsage usage = of(hash, spooled.application());
			Counter counter = new Counter(spooled.id(), usage, key, isKnown, spooled.since().toEpochMilli());
			counter.add(spooled.units());
			counter.stored(spooled.units(), spooled.sending());
			restored = usage.restore(counter);
		}
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
		if (this.durable && counter.markChanged()) {
			this.changes.add(counter);
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
	 * Return the counters that wait to be sent.
	 */
	List<Counter> pending() {
		List<Counter> pending = new ArrayList<>();
		this.applications.values().forEach((usage) -> pending.addAll(usage.snapshotPending()));
		return pending;
	}

	/**
	 * Return all counters that 3scale has not accepted.
	 */
	List<Counter> openCounters() {
		return this.applications.values().stream().flatMap((usage) -> usage.snapshotOpen().stream()).toList();
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
		this.applications.values().forEach((usage) -> usage.confirmUntil(this.time.read()));
	}

	/**
	 * Take the counters the spool does not know as they are.
	 */
	List<Counter> takeChanges() {
		List<Counter> taken = new ArrayList<>();
		for (Counter next = this.changes.poll(); next != null; next = this.changes.poll()) {
			taken.add(next);
		}
		return taken;
	}

	/**
	 * Have counters written again later.
	 */
	void changeAgain(Collection<Counter> counters) {
		this.changes.addAll(counters);
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
	}

	int size() {
		return this.openCounters.get();
	}

}
