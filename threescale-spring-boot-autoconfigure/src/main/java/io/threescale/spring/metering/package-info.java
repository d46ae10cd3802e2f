/**
 * Metering: which calls use what, and the one decision about each of them.
 * <p>
 * A call goes this way:
 * <ol>
 * <li>An adapter of a web stack finds out what is called: a {@link MeteredOperation}, by
 * a {@link UsageResolver}. A {@link ThreeScaleTemplate} is told, and a metered method has
 * it from {@link MeteredMethods}.</li>
 * <li>The {@link MeteringGate} finds the {@link MeteredService} and who calls, asks its
 * client by {@code authRep} or {@code authorize}, and makes a {@link MeteringDecision} of
 * the answer. The call goes on as a {@link MeteredCall}, or fails with a
 * {@link io.threescale.spring.metering.problem.MeteringException}.</li>
 * <li>While it goes on it is kept in a {@link CurrentCall}, so that what is part of it is
 * not charged again.</li>
 * <li>When it is done it is settled: the client gets a {@code report} of what the
 * decision has not charged. That client keeps usage that 3scale has not accepted, in both
 * modes: see {@link io.threescale.spring.client.reporting}.</li>
 * </ol>
 * <p>
 * Words of this package:
 * <ul>
 * <li><em>operation</em>: what is called, and what a call of it uses</li>
 * <li><em>measure</em>: usage of an operation that is known when a call is done</li>
 * <li><em>admission</em>: the decision whether a call may go on</li>
 * <li><em>charge</em>: to have usage counted by 3scale</li>
 * <li><em>settle</em>: to charge a call, once, when it is done</li>
 * <li><em>undecided</em>: 3scale could not be asked, so the failure policy decides</li>
 * <li><em>deferred, uncounted</em>: usage of an undecided call that is charged later, or
 * never</li>
 * <li><em>enforcement</em>: what becomes of a call that is denied</li>
 * <li><em>shadow</em>: an enforcement under which denied calls pass, and are not
 * charged</li>
 * </ul>
 */
@NullMarked
package io.threescale.spring.metering;

import org.jspecify.annotations.NullMarked;
