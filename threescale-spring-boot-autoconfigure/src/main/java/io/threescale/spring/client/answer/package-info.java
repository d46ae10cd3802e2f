/**
 * What an answer of 3scale means: the only place that knows XML, statuses and codes.
 */
@ApiStatus.Internal
@NullMarked
package io.threescale.spring.client.answer;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.NullMarked;
