/**
 * The metering of methods that are no handlers: of services, of listeners.
 */
@NullMarked
package io.threescale.spring.metering.method;

import org.jspecify.annotations.NullMarked;
