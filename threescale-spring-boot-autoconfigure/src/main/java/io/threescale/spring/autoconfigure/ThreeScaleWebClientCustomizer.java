package io.threescale.spring.autoconfigure;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Customizes the {@link WebClient} that talks to 3scale, and no other. The customizers of
 * the application's own web clients do not touch it.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ThreeScaleWebClientCustomizer {

	/**
	 * Customize the builder. Keys do not pass through the client, so a filter that logs
	 * is safe.
	 * @param builder the builder, with everything set already
	 */
	void customize(WebClient.Builder builder);

}
