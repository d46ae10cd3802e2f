package io.threescale.spring.client.predictive;

import io.threescale.spring.client.KeyedHash;

/**
 * Who calls, as far as it is remembered.
 *
 * @param application which application it is, and so whose limits count
 * @param proof what the application shows besides its identity: one of its keys, and
 * where the call comes from. It decides whether 3scale lets it in, and nothing else
 */
record Caller(KeyedHash application, KeyedHash proof) {
}
