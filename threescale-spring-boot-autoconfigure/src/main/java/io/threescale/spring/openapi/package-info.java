/**
 * Metered operations in the OpenAPI document that springdoc makes.
 */
@NullMarked
package io.threescale.spring.openapi;

import org.jspecify.annotations.NullMarked;
