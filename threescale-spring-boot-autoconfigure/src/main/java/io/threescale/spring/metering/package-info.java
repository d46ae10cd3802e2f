/**
 * Metering: which calls use what, and the one decision about each of them.
 * <p>
 * The {@link MeteringGate} admits a call and settles it when it is done. What it charges
 * goes to the client of the {@link MeteredService}: with the decision by {@code authRep},
 * and afterwards by {@code report}. That client keeps usage that 3scale has not accepted,
 * in both modes: see {@link io.threescale.spring.client.reporting}.
 * <p>
 * Words of this package:
 * <ul>
 * <li><em>operation</em>: what is called, and what a call of it uses</li>
 * <li><em>measure</em>: usage of an operation that is known when a call is done</li>
 * <li><em>admission</em>: how a call came to go on</li>
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
