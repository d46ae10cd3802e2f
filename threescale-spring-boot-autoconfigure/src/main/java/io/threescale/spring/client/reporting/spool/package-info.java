/**
 * Keeps usage that is not reported yet where it outlives the process.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.client.reporting.spool;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
