/**
 * The metering of Spring WebFlux.
 */
@NullMarked
package io.threescale.spring.metering.reactive;

import org.jspecify.annotations.NullMarked;
