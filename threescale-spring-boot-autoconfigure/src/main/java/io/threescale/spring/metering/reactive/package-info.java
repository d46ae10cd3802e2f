/**
 * The metering of Spring WebFlux.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.reactive;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
