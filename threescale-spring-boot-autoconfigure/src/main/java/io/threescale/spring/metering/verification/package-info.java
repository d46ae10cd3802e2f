/**
 * Finds out at start whether what is declared about metering takes effect: annotations,
 * arguments and rules.
 */
@NullMarked
package io.threescale.spring.metering.verification;

import org.jspecify.annotations.NullMarked;
