/**
 * A long run under load.
 */
@NullMarked
package io.threescale.spring.soak;

import org.jspecify.annotations.NullMarked;
