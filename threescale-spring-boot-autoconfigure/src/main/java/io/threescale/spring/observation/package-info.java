/**
 * Makes metering visible: observations of the backend calls, counters of the decisions.
 */
@NullMarked
package io.threescale.spring.observation;

import org.jspecify.annotations.NullMarked;
