/**
 * An application of its own, to be run with class paths of its own.
 */
@NullMarked
package io.threescale.spring.autoconfigure.unchanged;

import org.jspecify.annotations.NullMarked;
