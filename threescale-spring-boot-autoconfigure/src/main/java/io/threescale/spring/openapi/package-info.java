/**
 * Metered operations in the OpenAPI document that springdoc makes.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.openapi;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
