package io.threescale.spring.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.threescale.spring.ErrorCode;

import org.jspecify.annotations.Nullable;

/**
 * Accepts a report by its shape, and only then looks into it: one bad transaction voids
 * them all, and only the list of integration errors tells
 * ({@code 3scale/apisonator:lib/3scale/backend/transactor/report_job.rb}).
 *
 * @param world the world reported about
 * @param ledger the ledger to count in
 */
record ReportEndpoint(SandboxWorld world, Ledger ledger) {

	RawAnswer answer(Parameters parameters, Extensions extensions, Instant now) {
		String serviceId = new ProviderCredentials(this.world).serviceOfReport(parameters);
		List<Parameters> transactions = shape(parameters.value("transactions"));
		try {
			List<Runnable> counts = new ArrayList<>();
			for (Parameters transaction : transactions) {
				if (!transaction.nested("usage").all().isEmpty()) {
					counts.add(process(transaction, serviceId, extensions, now));
				}
			}
			counts.forEach(Runnable::run);
		}
		catch (Refusal ex) {
			this.ledger.error(serviceId, ex);
		}
		return RawAnswer.of(202, "");
	}

	private static List<Parameters> shape(@Nullable Object transactions) {
		if (transactions == null || transactions instanceof String text && Parameters.strip(text).isEmpty()) {
			throw new Refusal(400, ErrorCode.TRANSACTIONS_IS_BLANK, "transactions parameter is blank");
		}
		if (!(transactions instanceof Map<?, ?> map)) {
			throw new Refusal(400, ErrorCode.TRANSACTIONS_FORMAT_INVALID, "transactions format is invalid");
		}
		if (map.containsValue(null)) {
			throw new Refusal(400, ErrorCode.TRANSACTIONS_HAS_NIL_TRANSACTION, "transactions has a nil transaction");
		}
		if (map.values().stream().anyMatch((transaction) -> Parameters.of(transaction).has("user_id"))) {
			throw Refusal.endUsers();
		}
		return map.values().stream().map(ReportEndpoint::transaction).toList();
	}

	// What is neither a map nor absent makes the backend stumble instead of complain.
	private static Parameters transaction(Object raw) {
		Object usage = Parameters.of(raw).value("usage");
		if (!(raw instanceof Map) || (usage != null && !(usage instanceof Map))) {
			throw Halt.programFault();
		}
		return Parameters.of(raw);
	}

	private Runnable process(Parameters transaction, String serviceId, Extensions extensions, Instant now) {
		SandboxService service = Objects.requireNonNull(this.world.services().get(serviceId));
		SandboxApplication application = new CallerCredentials(service).ofTransaction(transaction);
		RequestedUsage usage = RequestedUsage.read(transaction.nested("usage"), new MetricTree(service.metrics()),
				extensions.flatUsage());
		Instant time = TransactionTime.read(transaction.text("timestamp"), now);
		return () -> {
			if (usage.changes()) {
				this.ledger.count(SandboxOperation.REPORT, serviceId, application, usage, time,
						LogCode.of(transaction));
			}
		};
	}

}
