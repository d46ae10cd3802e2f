/**
 * Metering with Spring Security: callers known by a validated token, and access rules
 * that know the calling application and its plan.
 */
@NullMarked
package io.threescale.spring.security;

import org.jspecify.annotations.NullMarked;
