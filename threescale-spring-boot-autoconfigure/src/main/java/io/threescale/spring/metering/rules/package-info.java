/**
 * Metering without annotations: mapping rules, as 3scale calls them, tell what a call
 * uses by its method, path and query.
 */
@NullMarked
package io.threescale.spring.metering.rules;

import org.jspecify.annotations.NullMarked;
