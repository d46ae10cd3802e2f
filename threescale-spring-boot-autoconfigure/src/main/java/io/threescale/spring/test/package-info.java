/**
 * Support for tests of metered applications. Needs Spring Boot Test and AssertJ, which
 * {@code spring-boot-starter-test} brings.
 */
@NullMarked
package io.threescale.spring.test;

import org.jspecify.annotations.NullMarked;
