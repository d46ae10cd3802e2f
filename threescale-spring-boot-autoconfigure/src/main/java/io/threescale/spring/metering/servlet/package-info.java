/**
 * The metering of Spring MVC.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.servlet;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
