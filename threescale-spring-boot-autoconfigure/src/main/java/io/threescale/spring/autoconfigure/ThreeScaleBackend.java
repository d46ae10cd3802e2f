package io.threescale.spring.autoconfigure;

import io.threescale.spring.client.ReactiveThreeScaleClient;

/**
 * The client that asks the backend itself: the end of any pipeline, and no bean that an
 * application could take for the whole.
 */
record ThreeScaleBackend(ReactiveThreeScaleClient client) {

}
