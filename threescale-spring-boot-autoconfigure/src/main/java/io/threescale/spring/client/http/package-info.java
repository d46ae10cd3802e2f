/**
 * The way of one request to 3scale and of its answer back: the only place that knows
 * connections, time limits, and what has left. Keys travel where nobody else sees them.
 */
@NullMarked
package io.threescale.spring.client.http;

import org.jspecify.annotations.NullMarked;
