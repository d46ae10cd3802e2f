package io.threescale.spring.client;

import java.util.Set;
import java.util.StringJoiner;

/**
 * What a call may ask of 3scale beyond the plain answer ({@code protocol.md} 3.1). The
 * code of a rejection is always asked for.
 *
 * @since 0.1.0
 */
public enum Extension {

	/** Tell the limit that binds first. Needs a usage to be meaningful. */
	LIMIT_HEADERS("limit_headers"),

	/**
	 * Answer without a body, which is cheaper. Error codes get lost with it, so a wrong
	 * token and an unknown user key look alike, and both are taken for our fault.
	 */
	NO_BODY("no_body"),

	/** Tell the metric tree. */
	HIERARCHY("hierarchy"),

	/** Do not add usage to the ancestors of a metric; they are to be named as well. */
	FLAT_USAGE("flat_usage"),

	/** Tell the keys of the application. */
	LIST_APP_KEYS("list_app_keys");

	private final String parameter;

	Extension(String option) {
		this.parameter = option + "=1";
	}

	/**
	 * Encode extensions as 3scale reads them.
	 */
	static String encode(Set<Extension> extensions) {
		StringJoiner parameters = new StringJoiner("&");
		for (Extension extension : extensions) {
			parameters.add(extension.parameter);
		}
		return parameters.toString();
	}

}
