package io.threescale.spring.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Answers the four calls that ask for a decision, and counts what a granted authrep uses
 * ({@code 3scale/apisonator:lib/3scale/backend/transactor.rb}).
 *
 * @param world the world asked about
 * @param ledger the ledger to count in
 */
record AuthorizeEndpoint(SandboxWorld world, Ledger ledger) {

	RawAnswer answer(SandboxOperation operation, Parameters parameters, Extensions extensions, Instant now) {
		String serviceId = new ProviderCredentials(this.world).serviceOfAuthorization(parameters);
		if (parameters.has("user_id")) {
			throw Refusal.endUsers();
		}
		Object usage = parameters.value("usage");
		if (usage != null && !(usage instanceof Map)) {
			throw new Halt(RawAnswer.of(403, ""));
		}
		try {
			Decision decision = decide(operation, parameters, extensions, serviceId, now);
			RawAnswer answer = decision.answer();
			count(decision);
			return answer;
		}
		catch (Refusal ex) {
			this.ledger.error(serviceId, ex);
			throw ex;
		}
	}

	private Decision decide(SandboxOperation operation, Parameters parameters, Extensions extensions, String serviceId,
			Instant now) {
		SandboxService service = Objects.requireNonNull(this.world.services().get(serviceId));
		SandboxApplication application = new CallerCredentials(service).ofAuthorization(parameters, operation.oauth());
		MetricTree metrics = new MetricTree(service.metrics());
		List<LimitState> limits = LimitListing.of(service.planOf(application), metrics)
			.stream()
			.map((limit) -> new LimitState(limit, limit.period().windowAt(now),
					this.ledger.value(serviceId, application, limit.metric(), limit.period(), now)))
			.toList();
		return Decision.of(
				new AuthorizeCall(operation, parameters, extensions, serviceId, service, application, metrics, now),
				limits);
	}

	private void count(Decision decision) {
		RequestedUsage usage = decision.counted();
		if (usage != null && usage.changes()) {
			AuthorizeCall call = decision.call();
			this.ledger.count(call.operation(), call.serviceId(), call.application(), usage, call.time(),
					LogCode.of(call.parameters()));
		}
	}

}
