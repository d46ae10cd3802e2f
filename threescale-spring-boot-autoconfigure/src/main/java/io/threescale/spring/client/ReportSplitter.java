package io.threescale.spring.client;

import java.util.ArrayList;
import java.util.List;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;

/**
 * Cuts a report into requests the backend reads: it refuses more than 4096 parameters or
 * 4 MiB ({@code protocol.md} 2.1).
 */
final class ReportSplitter {

	private static final int MAX_PARAMETERS = 4096;

	private static final int MAX_LENGTH = 4 * 1024 * 1024;

	private final ServiceCredentials service;

	ReportSplitter(ServiceCredentials service) {
		this.service = service;
	}

	/**
	 * The part of a report that goes out in one request.
	 *
	 * @param from the index of its first transaction
	 * @param body its parameters
	 */
	record Part(int from, String body) {
	}

	List<Part> split(List<Transaction> transactions) {
		List<Part> parts = new ArrayList<>();
		Parameters parameters = start();
		int from = 0;
		for (int i = 0; i < transactions.size(); i++) {
			Parameters next = new Parameters().transaction(i - from, transactions.get(i));
			if (i > from && !fits(parameters, next)) {
				parts.add(new Part(from, parameters.encoded()));
				parameters = start();
				from = i;
				next = new Parameters().transaction(0, transactions.get(i));
			}
			parameters.append(next);
		}
		if (from < transactions.size()) {
			parts.add(new Part(from, parameters.encoded()));
		}
		return parts;
	}

	private Parameters start() {
		return new Parameters().service(this.service);
	}

	private static boolean fits(Parameters parameters, Parameters next) {
		return parameters.count() + next.count() <= MAX_PARAMETERS && parameters.length() + next.length() < MAX_LENGTH;
	}

}
