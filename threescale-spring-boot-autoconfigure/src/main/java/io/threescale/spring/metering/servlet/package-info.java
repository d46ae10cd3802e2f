/**
 * The metering of Spring MVC.
 * <p>
 * The {@link ThreeScaleHandlerInterceptor} decides, once a request. Where a mapping has
 * no interceptors, the {@link ThreeScaleHandlerAdapter} asks it to; before the access
 * rules, the filter of {@code io.threescale.spring.security} does. The
 * {@link ThreeScaleFilter} settles the call when the request is over. What is known in
 * between is kept with the request, in a {@code ServletCall}. The
 * {@link MeteringExceptionResolver} answers what may not go on.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.servlet;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
