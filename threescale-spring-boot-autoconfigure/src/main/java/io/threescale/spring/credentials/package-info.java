/**
 * Finds out who calls: from a header, a query parameter, a cookie, or the
 * {@code Authorization} header.
 */
@NullMarked
package io.threescale.spring.credentials;

import org.jspecify.annotations.NullMarked;
