package io.threescale.spring.client.predict;

import io.threescale.spring.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Takes usage to be reported later, at once and without waiting.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface UsageIntake {

	/**
	 * Take the usage of a transaction, all of it or nothing.
	 * @param transaction the transaction
	 * @return the transaction if there is no room for it, or {@code null} if it was taken
	 */
	@Nullable Transaction take(Transaction transaction);

}
