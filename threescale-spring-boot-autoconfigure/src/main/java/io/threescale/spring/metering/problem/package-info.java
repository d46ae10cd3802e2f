/**
 * What a caller is told: why a call may not go on, as problem details (RFC 9457), and how
 * much is left of the limits.
 */
@NullMarked
package io.threescale.spring.metering.problem;

import org.jspecify.annotations.NullMarked;
