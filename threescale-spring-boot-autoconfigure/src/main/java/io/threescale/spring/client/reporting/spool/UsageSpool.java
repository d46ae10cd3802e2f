package io.threescale.spring.client.reporting.spool;

import java.util.Collection;
import java.util.List;

/**
 * Keeps usage that is not reported yet where it outlives the process. Called by one
 * thread at a time, never within a call of the protected API.
 *
 * @since 0.1.0
 */
public interface UsageSpool extends AutoCloseable {

	/**
	 * Return a spool that keeps nothing: usage not reported is lost with the process.
	 * @return the spool
	 */
	static UsageSpool none() {
		return NoSpool.INSTANCE;
	}

	/**
	 * Tell whether this keeps anything.
	 * @return {@code false} if writing to it makes no sense
	 */
	boolean isDurable();

	/**
	 * Return what an earlier process has left.
	 * @return all usage in the spool, in no particular order
	 * @throws SpoolException if it cannot be read
	 */
	List<SpooledUsage> load();

	/**
	 * Return the highest id in the spool, be its usage readable or not, so that it is not
	 * given to other usage.
	 * @return the id, or 0 if the spool is empty
	 */
	long lastId();

	/**
	 * Change the spool, all or nothing. What is written when this returns survives the
	 * death of the process.
	 * @param changed usage to be added, or to replace that of the same id
	 * @param removed ids of usage no longer to be kept; unknown ones are ignored
	 * @throws UncertainSpoolException if nothing, or perhaps all of it, was written
	 * @throws SpoolException if nothing was written
	 */
	void write(Collection<SpooledUsage> changed, Collection<Long> removed);

	/**
	 * See to what has happened to the spool without a call. Called often.
	 * @param owner who writes to it, and may do so within this call
	 */
	default void attend(SpoolOwner owner) {
	}

	/**
	 * Let go of the spool, so that another process may have it.
	 */
	@Override
	void close();

}
