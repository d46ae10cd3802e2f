/**
 * Tests of the support for tests.
 */
@NullMarked
package io.threescale.spring.test;

import org.jspecify.annotations.NullMarked;
