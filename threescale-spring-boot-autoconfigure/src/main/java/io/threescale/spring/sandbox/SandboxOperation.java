package io.threescale.spring.sandbox;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks of 3scale; a test counts requests by it.
 *
 * @since 0.1.0
 */
public enum SandboxOperation {

	/** {@code GET /transactions/authorize.xml}. */
	AUTHORIZE("/transactions/authorize.xml"),

	/** {@code GET /transactions/authrep.xml}. */
	AUTHREP("/transactions/authrep.xml"),

	/** {@code GET /transactions/oauth_authorize.xml}. */
	OAUTH_AUTHORIZE("/transactions/oauth_authorize.xml"),

	/** {@code GET /transactions/oauth_authrep.xml}. */
	OAUTH_AUTHREP("/transactions/oauth_authrep.xml"),

	/** {@code POST /transactions.xml}. */
	REPORT("/transactions.xml");

	private final String path;

	SandboxOperation(String path) {
		this.path = path;
	}

	static @Nullable SandboxOperation of(RawRequest request) {
		boolean read = request.method().equals("GET") || request.method().equals("HEAD");
		for (SandboxOperation operation : values()) {
			boolean method = (operation == REPORT) ? request.method().equals("POST") : read;
			if (method && operation.path.equals(request.path())) {
				return operation;
			}
		}
		return null;
	}

	boolean counts() {
		return this == AUTHREP || this == OAUTH_AUTHREP;
	}

	boolean oauth() {
		return this == OAUTH_AUTHORIZE || this == OAUTH_AUTHREP;
	}

	/** The name in 3scale's documentation. */
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
