/**
 * The client: authorize, authrep and report, blocking and reactive. It writes the
 * parameters of a request; {@code client.http} carries it, and {@code client.answer} says
 * what the answer means.
 */
@NullMarked
package io.threescale.spring.client;

import org.jspecify.annotations.NullMarked;
