package io.threescale.spring.client.reporting.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * A spool in a directory, kept by H2's MVStore. What is written survives the death of the
 * process, though not that of the machine, as it is left to the operating system when it
 * reaches the disk. Only one process can use the directory at a time.
 * <p>
 * The file holds user keys and application ids, as nothing can be reported without them.
 * It is readable by its owner only, and holds no application keys.
 *
 * @since 0.1.0
 */
public final class MvStoreUsageSpool implements UsageSpool {

	private static final Log logger = LogFactory.getLog(MvStoreUsageSpool.class);

	private static final String MAP = "usage";

	/** Enough for tens of thousands of counters; the rest is read when it is needed. */
	private static final int CACHE_MEGABYTES = 4;

	/** What was overwritten must outlive a torn write, and no more. */
	private static final int RETENTION_MILLIS = 1000;

	private static final int TIDY_MILLIS = 500;

	private static final int FRAGMENTED = 50;

	private static final int COMPACTED_BYTES = 4 * 1024 * 1024;

	private final SpoolFile file;

	private final String fileSystem;

	private MVStore store;

	private MVMap<Long, byte[]> usage;

	private long writes;

	private boolean closed;

	/** What the entries were that were written since a write succeeded. */
	private final Map<Long, byte @Nullable []> before = new HashMap<>();

	private MvStoreUsageSpool(SpoolFile file, String fileSystem) {
		this.file = file;
		this.fileSystem = fileSystem;
		this.store = openOrReplace();
		this.usage = this.store.openMap(MAP);
	}

	/**
	 * Open a spool, or create it. One that is damaged is moved aside, and an error
	 * logged.
	 * @param directory a directory of this process alone
	 * @return the spool, to be closed after use
	 * @throws SpoolException if another process uses it, or it cannot be written
	 */
	public static MvStoreUsageSpool open(Path directory) {
		return open(directory, "");
	}

	static MvStoreUsageSpool open(Path directory, String fileSystem) {
		return new MvStoreUsageSpool(new SpoolFile(directory), fileSystem);
	}

	private MVStore openOrReplace() {
		this.file.create();
		Throwable damage;
		try {
			return openChecked();
		}
		catch (MVStoreException ex) {
			if (ex.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
				throw new SpoolException("The spool " + this.file.path()
						+ " is used by another process. Give each instance a directory of its own", ex);
			}
			if (ex.getErrorCode() == DataUtils.ERROR_WRITING_FAILED) {
				throw unwritable(ex);
			}
			damage = ex;
		}
		catch (Exception | Error ex) {
			// Damage has no end of forms, and none may keep the application from starting
			damage = ex;
		}
		logger.error("The spool was damaged, and its usage will not be reported. It was moved to "
				+ this.file.moveAside() + ": " + damage);
		this.file.create();
		return create();
	}

	/** Reads all of it, so that damage is found now and not in the middle of the work. */
	private MVStore openChecked() throws IOException {
		MVStore store = openStore();
		boolean sound = false;
		try {
			MVMap<Long, byte[]> usage = store.openMap(MAP);
			long entries = 0;
			for (Map.Entry<Long, byte[]> entry : usage.entrySet()) {
				if (SpoolCodec.isReadable(entry.getValue())) {
					SpoolCodec.decode(entry.getKey(), entry.getValue());
				}
				entries++;
			}
			this.file.requireCommitted(store.getCurrentVersion(), entries);
			sound = true;
			return store;
		}
		finally {
			if (!sound) {
				store.closeImmediately();
			}
		}
	}

	private MVStore create() {
		try {
			return openStore();
		}
		catch (MVStoreException ex) {
			throw unwritable(ex);
		}
	}

	private SpoolException unwritable(MVStoreException ex) {
		return new SpoolException("The spool " + this.file.path() + " cannot be written: " + ex.getMessage(), ex);
	}

	/** Without automatic commits, as those take a thread. */
	private MVStore openStore() {
		MVStore store = new MVStore.Builder().fileName(this.fileSystem + this.file.path())
			.autoCommitDisabled()
			.cacheSize(CACHE_MEGABYTES)
			.open();
		store.setRetentionTime(RETENTION_MILLIS);
		return store;
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	@Override
	public List<SpooledUsage> load() {
		List<SpooledUsage> loaded = new ArrayList<>();
		this.usage.forEach((id, bytes) -> {
			if (SpoolCodec.isReadable(bytes)) {
				loaded.add(decode(id, bytes));
			}
			else {
				logger.error("Entry " + id + " of the spool " + this.file.path()
						+ " was written by another version of this library, and is left alone");
			}
		});
		return loaded;
	}

	private static SpooledUsage decode(long id, byte[] bytes) {
		try {
			return SpoolCodec.decode(id, bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public long lastId() {
		@Nullable Long last = this.usage.lastKey();
		return (last != null) ? last : 0;
	}

	@Override
	public void write(Collection<SpooledUsage> changed, Collection<Long> removed) {
		try {
			reopen();
			changed.forEach((usage) -> replace(usage.id(), SpoolCodec.encode(usage)));
			removed.forEach((id) -> replace(id, null));
			this.file.committed(this.store.commit(), this.usage.sizeAsLong());
			this.before.clear();
			tidy();
		}
		catch (SpoolException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException | Error ex) {
			this.store.closeImmediately();
			throw new SpoolException("The spool " + this.file.path() + " cannot be written: " + ex.getMessage(), ex);
		}
	}

	private void replace(long id, byte @Nullable [] entry) {
		byte[] replaced = put(id, entry);
		if (!this.before.containsKey(id)) {
			this.before.put(id, replaced);
		}
	}

	private byte @Nullable [] put(long id, byte @Nullable [] entry) {
		return (entry != null) ? this.usage.put(id, entry) : this.usage.remove(id);
	}

	/**
	 * A write that failed may be in the file all the same. Nobody knows of it, and nobody
	 * would ever remove it.
	 */
	private void undo() {
		this.before.entrySet().removeIf((entry) -> Arrays.equals(this.usage.get(entry.getKey()), entry.getValue()));
		this.before.forEach(this::put);
	}

	/**
	 * A store that failed to write is of no more use, and what it had in memory is void.
	 * One whose file was deleted begins anew with what it has.
	 */
	private void reopen() {
		if (this.closed) {
			throw new SpoolException("The spool " + this.file.path() + " is closed", null);
		}
		if (this.store.isClosed()) {
			this.store = openStore();
			this.usage = this.store.openMap(MAP);
			undo();
		}
		else if (!this.file.exists()) {
			logger.error("The spool " + this.file.path() + " was deleted by somebody else, and is written anew");
			Map<Long, byte[]> present = Map.copyOf(this.usage);
			this.store.closeImmediately();
			this.file.create();
			this.store = openStore();
			this.usage = this.store.openMap(MAP);
			this.usage.putAll(present);
		}
	}

	/** Otherwise done by the thread that commits automatically. */
	private void tidy() {
		this.writes++;
		if (this.writes % 100 == 0) {
			this.store.compact(FRAGMENTED, COMPACTED_BYTES);
		}
	}

	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.store.close(TIDY_MILLIS);
			this.file.close();
		}
	}

}
