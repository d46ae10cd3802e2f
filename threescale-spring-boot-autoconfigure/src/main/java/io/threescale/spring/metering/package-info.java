/**
 * Metering: which calls use what, and the one decision about each of them.
 */
@NullMarked
package io.threescale.spring.metering;

import org.jspecify.annotations.NullMarked;
