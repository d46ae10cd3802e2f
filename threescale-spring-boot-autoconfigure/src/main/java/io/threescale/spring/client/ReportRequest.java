package io.threescale.spring.client;

import java.util.List;

import io.threescale.spring.Transaction;

/**
 * Usage to be counted.
 *
 * @param transactions what was used by whom, in any number
 * @param flatUsage whether the transactions name the ancestors of their metrics, so that
 * 3scale is not to add to them ({@link Extension#FLAT_USAGE})
 * @since 0.1.0
 */
public record ReportRequest(List<Transaction> transactions, boolean flatUsage) {

	public ReportRequest {
		transactions = List.copyOf(transactions);
	}

	/**
	 * Create a request in which 3scale adds to the ancestors of the metrics.
	 * @param transactions what was used by whom
	 * @return the request
	 */
	public static ReportRequest of(List<Transaction> transactions) {
		return new ReportRequest(transactions, false);
	}

}
