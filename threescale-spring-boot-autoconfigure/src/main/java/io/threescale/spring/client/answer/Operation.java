package io.threescale.spring.client.answer;

/**
 * The operations of the Service Management API ({@code protocol.md} 1).
 *
 * @since 0.1.0
 */
public enum Operation {

	/** May this caller use this? */
	AUTHORIZE("authorize", "/transactions/authorize.xml"),

	/** The same, and it is counted if they may. */
	AUTHREP("authrep", "/transactions/authrep.xml"),

	/** {@link #AUTHORIZE} for an OAuth client, as backends before 3.4 need it. */
	OAUTH_AUTHORIZE("authorize", "/transactions/oauth_authorize.xml"),

	/** {@link #AUTHREP} for an OAuth client, as backends before 3.4 need it. */
	OAUTH_AUTHREP("authrep", "/transactions/oauth_authrep.xml"),

	/** Count this. */
	REPORT("report", "/transactions.xml"),

	/** That the process runs, and nothing of storage or credentials. */
	STATUS("status", "/status");

	private final String label;

	private final String path;

	Operation(String label, String path) {
		this.label = label;
		this.path = path;
	}

	/**
	 * Return where the operation is, from the base URL on.
	 * @return a path that begins with a slash
	 */
	public String path() {
		return this.path;
	}

	/**
	 * Tell whether the operation counts, so that sending it twice bills twice.
	 * @return whether it counts
	 */
	public boolean counts() {
		return this == AUTHREP || this == OAUTH_AUTHREP || this == REPORT;
	}

	@Override
	public String toString() {
		return this.label;
	}

}
