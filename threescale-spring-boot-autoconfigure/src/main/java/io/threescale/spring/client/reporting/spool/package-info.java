/**
 * Keeps usage that is not reported yet where it outlives the process.
 */
@NullMarked
package io.threescale.spring.client.reporting.spool;

import org.jspecify.annotations.NullMarked;
