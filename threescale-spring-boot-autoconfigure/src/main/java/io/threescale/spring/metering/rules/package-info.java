/**
 * Metering without annotations: mapping rules, as 3scale calls them, tell what a call
 * uses by its method, path and query.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.metering.rules;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
