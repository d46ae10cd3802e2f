/**
 * Instances of one application that share through Redis what they have used. The only
 * place that knows Redis.
 * <p>
 * All keys of a service have the same hash tag, so they are in one slot of a cluster and
 * each script is atomic: {@code <prefix>:v1:{<service id>}:<what>}. {@code v1} is the
 * version of this layout. Time is that of Redis, or steady time of the instance; no wall
 * clock takes part.
 * <p>
 * Words of this package:
 * <ul>
 * <li><em>member</em>: an instance that is known to Redis</li>
 * <li><em>heartbeat</em>: what a member tells Redis every two seconds</li>
 * <li><em>dead</em>: a member that Redis has not heard of for ten seconds</li>
 * <li><em>left</em>: a member that has stopped in order, and left usage</li>
 * <li><em>adoption</em>: the taking over of usage of a member that is dead or has
 * left</li>
 * <li><em>fence</em>: what keeps a member out whose usage was adopted</li>
 * </ul>
 */
@NullMarked
package io.threescale.spring.client.fleet;

import org.jspecify.annotations.NullMarked;
