/**
 * An in-memory 3scale on a loopback port, for trying out, for samples and for tests.
 */
@NullMarked
package io.threescale.spring.sandbox;

import org.jspecify.annotations.NullMarked;
