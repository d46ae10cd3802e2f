package io.threescale.spring.client.predict;

/**
 * Who calls, as far as it is remembered.
 *
 * @param application which application it is, and so whose limits count
 * @param means what the application shows besides its name: one of its keys, and where
 * the call comes from. It decides whether 3scale lets it in, and nothing else
 */
record Caller(KeyedHash application, KeyedHash means) {
}
