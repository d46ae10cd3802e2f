/**
 * An API of a language model that bills by tokens, on WebFlux.
 */
@NullMarked
package io.threescale.spring.samples.reactive;

import org.jspecify.annotations.NullMarked;
