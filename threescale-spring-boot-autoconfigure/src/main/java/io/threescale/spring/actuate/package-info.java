/**
 * Shows operators how metering goes: health, an endpoint, and what both read.
 */
@NullMarked
package io.threescale.spring.actuate;

import org.jspecify.annotations.NullMarked;
