/**
 * The metering of methods that are no handlers: of services, of listeners. The
 * {@link MeteredMethodInterceptor} decides before the method, unless it is part of a call
 * that is metered already, and settles the call when the method is done.
 */
@NullMarked
package io.threescale.spring.metering.method;

import org.jspecify.annotations.NullMarked;
