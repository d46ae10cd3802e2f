/**
 * Decides most calls in the process, from what 3scale told last of an application and
 * what it has used since.
 */
@NullMarked
package io.threescale.spring.client.predict;

import org.jspecify.annotations.NullMarked;
