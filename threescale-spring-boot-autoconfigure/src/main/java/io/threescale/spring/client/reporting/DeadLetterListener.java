package io.threescale.spring.client.reporting;

/**
 * Is told of usage that can not be reported, for instance to store it for a manual
 * correction of the bill. Called on the thread that reports, so it must not take long.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DeadLetterListener {

	/**
	 * Take note of usage that will not be counted. What this throws is logged.
	 * @param letter what was given up, and why
	 */
	void onDeadLetter(DeadLetter letter);

}
