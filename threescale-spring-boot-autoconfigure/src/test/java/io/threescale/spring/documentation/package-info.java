/**
 * Holds the documents against the code: what they show compiles, runs and exists.
 */
@NullMarked
package io.threescale.spring.documentation;

import org.jspecify.annotations.NullMarked;
