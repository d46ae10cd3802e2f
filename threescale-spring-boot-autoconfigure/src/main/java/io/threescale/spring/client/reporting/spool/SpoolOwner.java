package io.threescale.spring.client.reporting.spool;

import java.util.List;

/**
 * Who writes to a {@link UsageSpool}, and has in memory what is in it.
 *
 * @since 0.1.0
 */
public interface SpoolOwner {

	/**
	 * Return an id that no usage has.
	 * @return the id
	 */
	long nextId();

	/**
	 * Take over usage of a process that has ended. The spool has it under its new ids.
	 * @param usage what was left
	 */
	void received(List<SpooledUsage> usage);

	/**
	 * Write all again, as the spool has lost some of it.
	 */
	void lost();

	/**
	 * Let go of all that was written, as another process has taken it over.
	 */
	void withdrawn();

}
