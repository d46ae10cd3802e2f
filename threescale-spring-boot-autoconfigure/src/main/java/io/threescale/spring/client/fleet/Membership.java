package io.threescale.spring.client.fleet;

import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.jetbrains.annotations.ApiStatus;

/**
 * One instance's part in a {@link Fleet}, for one service.
 */
@ApiStatus.Internal
public interface Membership {

	/**
	 * Tell how many instances there are.
	 * @return the number when Redis was last heard of, this one included; at least 1
	 */
	int size();

	/**
	 * Return where usage outlives this instance. To load it is to become a member, to
	 * close it is to leave.
	 * @return the spool
	 */
	UsageSpool spool();

}
