package io.threescale.spring.client;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.client.answer.AnswerInterpreter;
import io.threescale.spring.client.answer.Operation;
import io.threescale.spring.client.http.HttpBackend;
import org.jetbrains.annotations.ApiStatus;
import reactor.core.publisher.Mono;

/**
 * The connections to one backend, which the clients of all its services share.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class SharedBackend implements AutoCloseable {

	private final HttpBackend backend;

	private final boolean oauthEndpoints;

	SharedBackend(HttpBackend backend, boolean oauthEndpoints) {
		this.backend = backend;
		this.oauthEndpoints = oauthEndpoints;
	}

	/**
	 * Create a client for one service.
	 * @param service the service to ask for
	 * @return a client, which closes nothing when it is closed
	 */
	public ReactiveThreeScaleClient client(ServiceCredentials service) {
		return new HttpThreeScaleClient(service, this.oauthEndpoints, this.backend, () -> {
		});
	}

	/**
	 * Go the way of a call once, so that the first caller does not wait for classes, a
	 * connection and TLS: ask the backend for its status, which counts nothing, and read
	 * what it answers as any answer is read.
	 * @return completes when the backend has answered, whatever it says
	 */
	public Mono<Void> warmUp() {
		return this.backend.ask(Operation.STATUS, "", "").doOnNext(new AnswerInterpreter()::ignored).then();
	}

	/**
	 * Close the connections. No client over them can be used afterwards.
	 */
	@Override
	public void close() {
		this.backend.close();
	}

}
