/**
 * Decisions in the process, from what 3scale showed of an application when it was asked
 * last and what the application has used since.
 * <p>
 * Words of this package:
 * <ul>
 * <li><em>limits</em>: what 3scale showed of an application, brought up to date</li>
 * <li><em>limit counter</em>: how far one limit is used up</li>
 * <li><em>shown</em>: what 3scale showed of a counter</li>
 * <li><em>unshown</em>: own usage that may not be in what 3scale showed</li>
 * <li><em>sure, possible</em>: usage that counts against a limit, or may</li>
 * <li><em>headroom</em>: what is left of a limit</li>
 * <li><em>share</em>: the part of the headroom that is used before 3scale is asked
 * again</li>
 * <li><em>allowance</em>: what may be used of a limit without asking: a share, or what
 * was claimed</li>
 * <li><em>claim</em>: what an instance of a fleet has used and what it may still use, as
 * the others see it</li>
 * <li><em>guard</em>: the last part of a limit, in which 3scale decides each call</li>
 * <li><em>permission</em>: until when a caller need not be asked about again</li>
 * <li><em>proof</em>: what a caller shows besides the identity of its application</li>
 * </ul>
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.client.predictive;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
