package io.threescale.spring.client;

import java.util.List;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials.Kind;
import io.threescale.spring.Authorization;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.ReportSplitter.Part;
import io.threescale.spring.client.answer.AnswerInterpreter;
import io.threescale.spring.client.answer.Operation;
import io.threescale.spring.client.http.HttpBackend;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The client that asks the backend itself.
 */
final class HttpThreeScaleClient implements ReactiveThreeScaleClient {

	private final ServiceCredentials service;

	private final boolean oauthEndpoints;

	private final HttpBackend backend;

	private final Runnable onClose;

	private final AnswerInterpreter interpreter = new AnswerInterpreter();

	HttpThreeScaleClient(ServiceCredentials service, boolean oauthEndpoints, HttpBackend backend, Runnable onClose) {
		this.service = service;
		this.oauthEndpoints = oauthEndpoints;
		this.backend = backend;
		this.onClose = onClose;
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return ask(Operation.AUTHORIZE, Operation.OAUTH_AUTHORIZE, request);
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return ask(Operation.AUTHREP, Operation.OAUTH_AUTHREP, request);
	}

	private boolean usesOAuth(AuthorizationRequest request) {
		return this.oauthEndpoints && request.application().kind() == Kind.OAUTH_CLIENT;
	}

	private Mono<Authorization> ask(Operation plain, Operation oauth, AuthorizationRequest request) {
		return Mono.defer(() -> {
			Operation operation = usesOAuth(request) ? oauth : plain;
			String query = new Parameters().service(this.service).request(request).encoded();
			return this.backend.ask(operation, query, Extension.encode(request.extensions()))
				.map((answer) -> this.interpreter.authorization(operation, request.usage(), answer));
		});
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return Flux.defer(() -> {
			String options = Extension.encode(request.flatUsage() ? Set.of(Extension.FLAT_USAGE) : Set.of());
			List<Transaction> transactions = request.transactions();
			return Flux.fromIterable(new ReportSplitter(this.service).split(transactions))
				.concatMap((part) -> tell(part, options, transactions));
		}).then();
	}

	private Mono<Void> tell(Part part, String options, List<Transaction> transactions) {
		return this.backend.tell(part.body(), options)
			.doOnNext(this.interpreter::accepted)
			.onErrorMap(ThreeScaleException.class,
					(ex) -> (part.from() == 0) ? ex
							: new PartialReportException(part.from(),
									transactions.subList(part.from(), transactions.size()), ex))
			.then();
	}

	@Override
	public void close() {
		this.onClose.run();
	}

}
