/**
 * An application that knows nothing of 3scale.
 */
@NullMarked
package io.threescale.spring.samples.host;

import org.jspecify.annotations.NullMarked;
