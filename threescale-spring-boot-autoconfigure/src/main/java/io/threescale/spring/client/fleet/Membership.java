package io.threescale.spring.client.fleet;

import io.threescale.spring.client.predictive.Changes;
import io.threescale.spring.client.predictive.Claims;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.jetbrains.annotations.ApiStatus;

/**
 * One instance's part in a {@link Fleet}, for one service.
 *
 * @param spool where usage outlives this instance. To load it is to become a member, to
 * close it is to leave
 * @param claims what all instances claim of limits
 * @param changes what they tell each other
 */
@ApiStatus.Internal
public record Membership(UsageSpool spool, Claims claims, Changes changes) {
}
