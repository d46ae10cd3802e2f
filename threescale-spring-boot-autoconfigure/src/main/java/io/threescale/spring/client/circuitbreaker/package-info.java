/**
 * Stands before the backend and gives one that does not answer a rest.
 */
@NullMarked
package io.threescale.spring.client.circuitbreaker;

import org.jspecify.annotations.NullMarked;
