/**
 * The metering of Spring MVC.
 */
@NullMarked
package io.threescale.spring.metering.servlet;

import org.jspecify.annotations.NullMarked;
