package io.threescale.spring.client.fleet;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The names of all keys of a service. They share a hash tag, so that a script may touch
 * several of them in a cluster.
 *
 * @param base what all begin with
 */
record FleetKeys(String base) {

	/** Version of the layout. Instances of another version neither see nor change it. */
	private static final String VERSION = "v1";

	static FleetKeys of(String prefix, String service) {
		String tag = URLEncoder.encode(service, StandardCharsets.UTF_8);
		return new FleetKeys(prefix + ":" + VERSION + ":{" + tag + "}:");
	}

	/** Sorted set: when each member was last heard of, in milliseconds. */
	String members() {
		return this.base + "members";
	}

	/** There while nobody may write as this member, as its usage was adopted. */
	String fence(String member) {
		return this.base + "fence:" + member;
	}

	/** Hash: what a member has not reported yet. */
	String usage(String member) {
		return this.base + "usage:" + member;
	}

	/** Stream: applications of which 3scale says something else than before. */
	String changes() {
		return this.base + "changes";
	}

	/** What all members claim of the limits of an application. */
	String claims(String application) {
		return this.base + "claims:" + application;
	}

}
