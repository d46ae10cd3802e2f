/**
 * The metering of Spring WebFlux.
 * <p>
 * The {@link ThreeScaleHandlerAdapter} decides, once an exchange; before the access rules
 * the filter of {@code io.threescale.spring.security} asks it to. The
 * {@link ThreeScaleWebFilter} settles the call when the exchange is over. What is known
 * in between is kept with the exchange, in an {@code ExchangeCall}.
 * {@link MeteringExceptionHandler} answers what may not go on.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.reactive;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
