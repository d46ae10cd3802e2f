/**
 * Finds out at start whether what is declared about metering takes effect: annotations,
 * arguments and rules.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.verification;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
