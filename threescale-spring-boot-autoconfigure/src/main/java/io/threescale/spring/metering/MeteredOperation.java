package io.threescale.spring.metering;

import io.threescale.spring.Usage;

/**
 * An operation of the protected API and what one call of it uses.
 *
 * @param name the name in metrics, such as {@code SearchController.search}
 * @param usage what one call uses
 * @since 0.1.0
 */
public record MeteredOperation(String name, Usage usage) {

}
