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
			count(serviceId, transactions, extensions, now);
		}
		catch (Refusal ex) {
			this.ledger.error(serviceId, ex);
		}
		return RawAnswer.of(202, "");
	}

	/**
	 * Look at all applications, then at all usage, then at all times: that is the order.
	 */
	private void count(String serviceId, List<Parameters> transactions, Extensions extensions, Instant now) {
		SandboxService service = Objects.requireNonNull(this.world.services().get(serviceId));
		MetricTree metrics = new MetricTree(service.metrics());
		List<SandboxApplication> applications = transactions.stream()
			.map(new CallerCredentials(service)::ofTransaction)
			.toList();
		List<RequestedUsage> usages = transactions.stream()
			.map((transaction) -> usage(transaction, metrics, extensions.flatUsage()))
			.toList();
		List<Instant> times = transactions.stream().map((transaction) -> time(transaction, now)).toList();
		for (int i = 0; i < transactions.size(); i++) {
			if (usages.get(i).changes()) {
				this.ledger.count(SandboxOperation.REPORT, serviceId, applications.get(i), usages.get(i), times.get(i),
						LogCode.of(transactions.get(i)));
			}
		}
	}

	/** A list passes where a map is expected, and its items are taken for names. */
	private static RequestedUsage usage(Parameters transaction, MetricTree metrics, boolean flat) {
		if (transaction.value("usage") instanceof List<?> list) {
			throw UsageAmount.empty(String.valueOf(list.get(0)));
		}
		return RequestedUsage.read(transaction.nested("usage"), metrics, flat);
	}

	/** Without usage there is nothing the time of which would matter. */
	private static Instant time(Parameters transaction, Instant now) {
		return (transaction.value("usage") != null) ? TransactionTime.read(transaction.text("timestamp"), now) : now;
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
		return map.values().stream().map(ReportEndpoint::transaction).filter(ReportEndpoint::adds).toList();
	}

	// What is neither a map nor a list makes the backend stumble instead of complain.
	private static Parameters transaction(Object raw) {
		Object usage = Parameters.of(raw).value("usage");
		if (!(raw instanceof Map) || (usage != null && !(usage instanceof Map) && !(usage instanceof List))) {
			throw Halt.programFault();
		}
		return Parameters.of(raw);
	}

	/** Leave out zeros. A transaction that has nothing else is not looked at any more. */
	private static boolean adds(Parameters transaction) {
		if (!(transaction.value("usage") instanceof Map<?, ?> usage)) {
			return true;
		}
		usage.values().removeIf("0"::equals);
		return !usage.isEmpty();
	}

}
