package io.threescale.spring.client.reporting;

import io.threescale.spring.client.SteadyTime;
import org.jetbrains.annotations.ApiStatus;

/**
 * What 3scale showed of one application when it was asked last, as far as somebody keeps
 * it. It hears of each change of the usage that the answer does not show. All methods are
 * called inside the monitor of the {@link ApplicationUsage}, and must not wait.
 */
@ApiStatus.Internal
public interface KeptAnswer {

	/**
	 * Note usage that the answer does not show.
	 * @param metric the system name of the metric
	 * @param minute the minute in which it counts, in minutes since the epoch;
	 * {@link Long#MAX_VALUE} while 3scale is still deciding about it
	 * @param units how much; negative if it will not be counted after all
	 */
	void used(String metric, long minute, long units);

	/**
	 * Return when 3scale was asked for the answer.
	 * @return the time by {@link SteadyTime}
	 */
	long askedAt();

	/**
	 * Tell whether somebody may still decide by the answer.
	 * @param now the time by {@link SteadyTime}
	 * @return {@code false} if it is too old, or was forgotten
	 */
	boolean isKept(long now);

}
