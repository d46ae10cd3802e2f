package io.threescale.spring.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Keeps the values of a tag few: operations of a {@code UsageResolver} of the
 * application's own, and metrics that are added to a call, may come from what a caller
 * sends.
 */
final class BoundedTag {

	static final String OTHER = "other";

	private static final Log logger = LogFactory.getLog(MeteringMeters.class);

	/** Applications have dozens. */
	private static final int MAX_VALUES = 1_000;

	private final String name;

	private final Set<String> known = ConcurrentHashMap.newKeySet();

	BoundedTag(String name) {
		this.name = name;
	}

	String of(String value) {
		if (this.known.contains(value)) {
			return value;
		}
		synchronized (this.known) {
			if (this.known.size() < MAX_VALUES) {
				this.known.add(value);
				return value;
			}
			if (this.known.add(OTHER)) {
				logger.warn("Tag '" + this.name + "' of the 3scale meters has " + MAX_VALUES
						+ " values, and no more; further ones are counted as '" + OTHER + "'.");
			}
			return OTHER;
		}
	}

}
