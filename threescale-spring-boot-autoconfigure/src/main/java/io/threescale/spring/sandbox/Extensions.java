package io.threescale.spring.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * What the {@code 3scale-options} header asks for.
 *
 * @param rejectionReason whether a denial carries its code in a header
 * @param limitHeaders whether the answer carries the limit headers
 * @param noBody whether bodies are left out
 * @param hierarchy whether the answer lists the metric tree
 * @param flatUsage whether parents are left alone
 * @param listAppKeys whether the answer lists the application's keys
 */
record Extensions(boolean rejectionReason, boolean limitHeaders, boolean noBody, boolean hierarchy, boolean flatUsage,
		boolean listAppKeys) {

	static Extensions of(@Nullable String header, Parameters parameters) {
		Parameters options = read((header != null) ? header : "");
		return new Extensions(one(options, "rejection_reason_header"), one(options, "limit_headers"),
				noBody(options) || noBody(parameters), one(options, "hierarchy"), one(options, "flat_usage"),
				one(options, "list_app_keys"));
	}

	private static Parameters read(String header) {
		try {
			return ParameterReader.query(header);
		}
		catch (Refusal ex) {
			throw Halt.programFault();
		}
	}

	private static boolean one(Parameters options, String name) {
		return "1".equals(options.text(name));
	}

	private static boolean noBody(Parameters options) {
		String value = options.text("no_body");
		return value != null && !value.equals("0") && !value.equals("false");
	}

}
