/**
 * Reporting in batches: what is used and 3scale does not show yet is in one book, until
 * 3scale has counted it.
 * <p>
 * The way of usage: {@link ReportHandler} takes it into the {@link UsageBook}, where it
 * is added to a {@link Counter} of its {@link ApplicationUsage}. {@link SpoolWriter}
 * writes that down a moment later. {@link ReportScheduler} asks {@link ReportSender} for
 * a flush: {@link BatchPlanner} makes batches of what is pending, and
 * {@link BatchDelivery} sends each, after which its counters are delivered, pending
 * again, dead letters, or ambiguous. What is delivered stays in the book as unconfirmed
 * until 3scale surely shows it. {@link ReportingLifecycle} begins and ends all that.
 * <p>
 * While 3scale is away, as {@link LearningThreeScaleClient} knows, usage stays pending,
 * in the book and in the spool, and {@link ReportScheduler} asks for a flush less and
 * less often. What becomes of the batch that was on its way then, {@link ReportFailure}
 * and {@link AmbiguousPolicy} tell. What is older than 23 hours is a dead letter.
 * <p>
 * Words of this package:
 * <ul>
 * <li><em>book</em>: the usage of all applications that 3scale does not show yet</li>
 * <li><em>counter</em>: a sum of usage of one application, metric and minute</li>
 * <li><em>pending</em>: waits to be sent</li>
 * <li><em>sending</em>: is part of a batch that is on its way</li>
 * <li><em>unconfirmed</em>: was delivered, and 3scale may not show it yet</li>
 * <li><em>batch</em>: counters that share a request</li>
 * <li><em>flush</em>: the delivery of everything that is pending</li>
 * <li><em>ambiguous</em>: was sent and not answered for, so it may have been counted</li>
 * <li><em>dead letter</em>: usage that 3scale will never take</li>
 * <li><em>settle time</em>: how long 3scale may take to count what it has accepted</li>
 * </ul>
 */
@NullMarked
package io.threescale.spring.client.reporting;

import org.jspecify.annotations.NullMarked;
