/**
 * Gives a dead backend a rest, with Resilience4j.
 */
@NullMarked
package io.threescale.spring.client.circuitbreaker;

import org.jspecify.annotations.NullMarked;
