/**
 * The metering of Spring MVC.
 * <p>
 * {@link ServletMetering} decides, once a request. It is asked by the
 * {@link ThreeScaleHandlerInterceptor}; where a mapping has no interceptors, by the
 * {@link ThreeScaleHandlerAdapter}; and before the access rules by the filter of
 * {@code io.threescale.spring.security}. The {@link ThreeScaleFilter} settles the call
 * when the request is over. What is known in between is kept with the request, in a
 * {@code ServletCall}. {@link MeteringExceptionResolver} answers what may not go on.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.servlet;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
