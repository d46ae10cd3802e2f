/**
 * A library of documents, metered by 3scale.
 */
@NullMarked
package io.threescale.spring.samples.quickstart;

import org.jspecify.annotations.NullMarked;
