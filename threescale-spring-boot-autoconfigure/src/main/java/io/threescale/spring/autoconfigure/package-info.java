/**
 * Wires everything from {@code threescale.*}.
 */
@NullMarked
package io.threescale.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
