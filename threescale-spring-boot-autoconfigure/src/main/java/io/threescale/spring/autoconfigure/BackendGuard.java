package io.threescale.spring.autoconfigure;

import io.threescale.spring.client.ReactiveThreeScaleClient;

/**
 * Puts something between the pipeline and the backend.
 */
@FunctionalInterface
interface BackendGuard {

	ReactiveThreeScaleClient guard(ReactiveThreeScaleClient backend);

}
