package io.threescale.spring.client;

/**
 * The operations of the Service Management API ({@code protocol.md} 1).
 */
enum Operation {

	AUTHORIZE("authorize", "/transactions/authorize.xml"),

	AUTHREP("authrep", "/transactions/authrep.xml"),

	OAUTH_AUTHORIZE("authorize", "/transactions/oauth_authorize.xml"),

	OAUTH_AUTHREP("authrep", "/transactions/oauth_authrep.xml"),

	REPORT("report", "/transactions.xml"),

	/** That the process runs, and nothing of storage or credentials. */
	STATUS("status", "/status");

	private final String label;

	private final String path;

	Operation(String label, String path) {
		this.label = label;
		this.path = path;
	}

	String path() {
		return this.path;
	}

	/**
	 * Tell whether the operation counts, so that sending it twice bills twice.
	 */
	boolean counts() {
		return this == AUTHREP || this == OAUTH_AUTHREP || this == REPORT;
	}

	@Override
	public String toString() {
		return this.label;
	}

}
