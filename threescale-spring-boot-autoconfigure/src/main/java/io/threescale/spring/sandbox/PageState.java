package io.threescale.spring.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.threescale.spring.Period;
import io.threescale.spring.PeriodWindow;

import org.jspecify.annotations.Nullable;

/**
 * What the {@link SandboxPage page} shows, as it is written to JSON. Amounts are texts,
 * as scripts round large numbers.
 *
 * @param time the time on the clock of the sandbox
 * @param applications the applications of all services
 * @param requests how many requests of each operation arrived
 * @param transactions what was counted last, the latest first
 * @param errors the integration errors, the latest first
 * @param errorCount how many integration errors are kept
 * @param faults how calls fail, in words
 */
record PageState(String time, List<Application> applications, Map<String, Integer> requests,
		List<Transaction> transactions, List<Error> errors, int errorCount, List<String> faults) {

	private static final int LATEST = 20;

	static PageState of(SandboxWorld world, Ledger ledger, Faults faults, Instant now) {
		List<Application> applications = new ArrayList<>();
		world.services()
			.forEach((id, service) -> service.applications()
				.forEach((application) -> applications.add(application(id, service, application, ledger, now))));
		return new PageState(now.toString(), applications, ledger.requestsByOperation(),
				latest(ledger.transactions()).stream().map(Transaction::of).toList(),
				latest(ledger.errors()).stream().map(Error::of).toList(), ledger.errors().size(), faults.inWords());
	}

	private static <T> List<T> latest(List<T> entries) {
		List<T> latest = new ArrayList<>(entries.subList(Math.max(0, entries.size() - LATEST), entries.size()));
		Collections.reverse(latest);
		return latest;
	}

	private static Application application(String serviceId, SandboxService service, SandboxApplication application,
			Ledger ledger, Instant now) {
		SandboxPlan plan = service.planOf(application);
		MetricTree metrics = new MetricTree(service.metrics());
		List<Counter> counters = new ArrayList<>();
		for (String metric : metrics.names()) {
			List<SandboxLimit> limits = LimitListing.of(plan.limiting(List.of(metric)), metrics);
			limits.forEach((limit) -> counters.add(Counter.of(new LimitState(limit, limit.period().windowAt(now),
					ledger.value(serviceId, application, metric, limit.period(), now)), now)));
			if (limits.isEmpty()) {
				counters.add(new Counter(metric, Period.ETERNITY.toString(),
						ledger.value(serviceId, application, metric, Period.ETERNITY, now).toString(), null, 0, null));
			}
		}
		return new Application(serviceId, application.id(), service.callerOf(application), String.valueOf(plan.name()),
				application.suspended() || service.suspended(), counters);
	}

	/**
	 * An application.
	 *
	 * @param service the id of its service
	 * @param id the id it is counted by
	 * @param caller what its callers send
	 * @param plan the name of its plan
	 * @param suspended whether all its calls are denied
	 * @param counters its limits, and the usage of what is not limited
	 */
	record Application(String service, String id, String caller, String plan, boolean suspended,
			List<Counter> counters) {
	}

	/**
	 * A counter.
	 *
	 * @param metric the metric
	 * @param period the period of the limit
	 * @param used the usage in this period
	 * @param max the most that is allowed, or {@code null} for any amount
	 * @param percent how much of it is used
	 * @param reset the seconds until it begins anew, or {@code null} if it never does
	 */
	record Counter(String metric, String period, String used, @Nullable String max, int percent, @Nullable Long reset) {

		static Counter of(LimitState state, Instant now) {
			PeriodWindow window = state.window();
			return new Counter(state.limit().metric(), state.limit().period().toString(), state.stored().toString(),
					Long.toString(state.limit().max()), state.percentUsed(),
					(window != null) ? state.secondsToReset(now) : null);
		}

	}

	/**
	 * A counted transaction.
	 *
	 * @param time the time it was counted for
	 * @param operation the operation that brought it
	 * @param application the application
	 * @param usage the usage, in words
	 */
	record Transaction(String time, String operation, String application, String usage) {

		static Transaction of(CountedTransaction counted) {
			String usage = String.join(", ",
					counted.usage()
						.entrySet()
						.stream()
						.map((entry) -> entry.getKey() + " " + entry.getValue())
						.toList());
			String code = (counted.logCode() != null) ? " (" + counted.logCode() + ")" : "";
			return new Transaction(counted.timestamp().toString(), counted.operation().word(), counted.application(),
					usage + code);
		}

	}

	/**
	 * An integration error.
	 *
	 * @param service the id of the service
	 * @param code the code
	 * @param message the text
	 */
	record Error(String service, String code, String message) {

		static Error of(IntegrationError error) {
			return new Error(error.service(), error.code().value(), error.message());
		}

	}

}
