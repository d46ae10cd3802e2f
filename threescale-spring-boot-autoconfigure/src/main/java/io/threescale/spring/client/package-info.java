/**
 * The client: authorize, authrep and report, blocking and reactive. The implementation is
 * the only place that knows paths, parameters, headers, XML and statuses.
 */
@NullMarked
package io.threescale.spring.client;

import org.jspecify.annotations.NullMarked;
