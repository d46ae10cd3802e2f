package io.threescale.spring.client.fleet;

import io.threescale.spring.client.reporting.spool.UsageSpool;

/**
 * What an instance shares through Redis.
 *
 * @param members who is there
 * @param spool where usage outlives this instance
 */
record RedisMembership(FleetMembers members, UsageSpool spool) implements Membership {

	@Override
	public int size() {
		return this.members.size();
	}

}
