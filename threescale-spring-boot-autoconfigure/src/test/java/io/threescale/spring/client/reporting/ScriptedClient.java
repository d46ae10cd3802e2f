package io.threescale.spring.client.reporting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Transaction;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.ReportRequest;
import reactor.core.publisher.Mono;

/**
 * A 3scale that grants everything, counts what it accepts, and answers reports as told.
 */
final class ScriptedClient implements ReactiveThreeScaleClient {

	private final List<ReportRequest> requests = Collections.synchronizedList(new ArrayList<>());

	private final List<AuthorizationRequest> questions = Collections.synchronizedList(new ArrayList<>());

	private final Map<String, Long> counted = Collections.synchronizedMap(new TreeMap<>());

	private volatile Function<ReportRequest, Mono<Void>> script = (request) -> Mono.empty();

	private volatile Function<AuthorizationRequest, Authorization> answers = (request) -> new Authorization.Granted(
			ApplicationStatus.UNKNOWN);

	void reports(Function<ReportRequest, Mono<Void>> script) {
		this.script = script;
	}

	void failReports(RuntimeException failure) {
		this.script = (request) -> Mono.error(failure);
	}

	void acceptReports() {
		this.script = (request) -> Mono.empty();
	}

	void answers(Function<AuthorizationRequest, Authorization> answers) {
		this.answers = answers;
	}

	List<ReportRequest> requests() {
		return List.copyOf(this.requests);
	}

	List<AuthorizationRequest> questions() {
		return List.copyOf(this.questions);
	}

	List<Transaction> transactions() {
		return requests().stream().flatMap((request) -> request.transactions().stream()).toList();
	}

	Map<String, Long> counted() {
		return Map.copyOf(this.counted);
	}

	@Override
	public Mono<Authorization> authorize(AuthorizationRequest request) {
		return Mono.fromSupplier(() -> {
			this.questions.add(request);
			return this.answers.apply(request);
		});
	}

	@Override
	public Mono<Authorization> authRep(AuthorizationRequest request) {
		return authorize(request);
	}

	@Override
	public Mono<Void> report(ReportRequest request) {
		return Mono.defer(() -> {
			this.requests.add(request);
			return this.script.apply(request).doOnSuccess((done) -> count(request));
		});
	}

	private void count(ReportRequest request) {
		request.transactions()
			.forEach((transaction) -> transaction.usage()
				.increments()
				.forEach((metric, units) -> this.counted.merge(metric, units, Long::sum)));
	}

	@Override
	public void close() {
	}

}
