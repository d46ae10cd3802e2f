/**
 * Stands before the backend and gives one that does not answer a rest.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.client.circuitbreaker;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
