/**
 * Shows operators how metering goes: health, an endpoint, and what both read. Users see
 * what they answer, and name none of the types.
 */
@NullMarked
@ApiStatus.Internal
package io.threescale.spring.actuate;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
