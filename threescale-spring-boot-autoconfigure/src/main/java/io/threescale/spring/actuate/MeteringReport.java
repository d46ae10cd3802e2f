package io.threescale.spring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.threescale.spring.actuate.BackendHistory.Failure;
import io.threescale.spring.client.predictive.PredictingThreeScaleClient;
import io.threescale.spring.client.reporting.BatchingStatistics;
import io.threescale.spring.metering.MeteredMethods.Origin;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.rules.MappingRule;
import io.threescale.spring.metering.verification.HandlerMetering;
import io.threescale.spring.metering.verification.MeteringInventory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What is metered and how it goes, as the endpoint tells.
 *
 * @param mode who decides
 * @param failurePolicy what happens when 3scale cannot be asked
 * @param enforcement what becomes of calls that are denied, unless handler or rule lets
 * more pass
 * @param handlers what is metered
 * @param unmetered the controller methods nobody meters
 * @param rules the rules in their order
 * @param services how the services are asked
 * @param deadLetters usage that 3scale took not, the last first
 */
record MeteringReport(String mode, String failurePolicy, String enforcement, List<Handler> handlers,
		List<UnmeteredHandler> unmetered, List<Rule> rules, Map<String, Service> services,
		List<RecentDeadLetters.Entry> deadLetters) implements OperationResponseBody {

	static MeteringReport of(MeteringInventory inventory, MeteringPolicies policies,
			Map<String, MeteredBackend> backends, RecentDeadLetters deadLetters) {
		List<HandlerMetering> handlers = inventory.handlers()
			.stream()
			.sorted(Comparator.comparing(HandlerMetering::name))
			.toList();
		Map<String, Service> services = new LinkedHashMap<>();
		backends.forEach((name, backend) -> services.put(name, Service.of(backend)));
		return new MeteringReport(policies.mode(), Words.of(policies.failurePolicy()), Words.of(policies.enforcement()),
				handlers.stream().filter(HandlerMetering::isMetered).map(Handler::of).toList(),
				handlers.stream()
					.filter((metering) -> !metering.isMetered() && metering.isOfApplication())
					.map(UnmeteredHandler::of)
					.toList(),
				inventory.rules().stream().map(Rule::of).toList(), services, deadLetters.list());
	}

	/**
	 * A handler that is metered.
	 *
	 * @param handler class and method, or paths
	 * @param calls methods and paths
	 * @param operation its name in metrics, or {@code null} if rules give it
	 * @param usage what a call uses by its annotations, or {@code null}
	 * @param measured the metrics whose usage is known when a call is done
	 * @param service the service that the annotations name, or {@code null}
	 * @param chargeOn when a call is charged by its annotations, or {@code null}
	 * @param enforcement what becomes of denied calls by its annotations, or {@code null}
	 * @param from where that is declared
	 */
	record Handler(String handler, List<String> calls, @Nullable String operation, @Nullable Map<String, Long> usage,
			List<String> measured, @Nullable String service, @Nullable String chargeOn, @Nullable String enforcement,
			List<String> from) {

		private static Handler of(HandlerMetering metering) {
			MeteredOperation operation = metering.declaration().operation();
			if (operation == null) {
				List<String> from = metering.rules().stream().map(MappingRule::origin).distinct().toList();
				return new Handler(metering.name(), metering.calls(), null, null, List.of(), null, null, null,
						metering.other() ? List.of("UsageResolver") : from);
			}
			return new Handler(metering.name(), metering.calls(), operation.name(), operation.usage().increments(),
					operation.measures().stream().map((measure) -> measure.metric()).toList(), operation.service(),
					operation.chargeOn().toString(), Words.of(operation.enforcement()),
					List.of((metering.declaration().origin() == Origin.METHOD) ? "annotation of the method"
							: "annotation of the class"));
		}

	}

	/**
	 * A controller method that nobody meters.
	 *
	 * @param handler class and method
	 * @param calls methods and paths
	 * @param declared whether an annotation says so
	 */
	record UnmeteredHandler(String handler, List<String> calls, boolean declared) {

		private static UnmeteredHandler of(HandlerMetering metering) {
			return new UnmeteredHandler(metering.name(), metering.calls(), metering.declaration().isExplicit());
		}

	}

	/**
	 * A rule.
	 *
	 * @param rule method and pattern
	 * @param usage what a call uses
	 * @param service the service it names, or {@code null}
	 * @param chargeOn when a call is charged
	 * @param enforcement what becomes of denied calls
	 * @param last whether later rules are not asked
	 * @param from where it is written
	 */
	record Rule(String rule, Map<String, Long> usage, @Nullable String service, String chargeOn, String enforcement,
			boolean last, String from) {

		private static Rule of(MappingRule rule) {
			return new Rule(rule.name(), rule.usage().increments(), rule.service(), rule.chargeOn().toString(),
					Words.of(rule.enforcement()), rule.last(), rule.origin());
		}

	}

	/**
	 * How a service is asked.
	 *
	 * @param serviceId its id
	 * @param lastGoodAnswer when 3scale served a call last, or {@code null}
	 * @param cachedApplications how many applications are remembered, or {@code null} in
	 * strict mode
	 * @param pendingUnits how much usage waits
	 * @param pendingFor for how long
	 * @param failures the calls that 3scale did not serve, the last first
	 */
	record Service(String serviceId, @Nullable Instant lastGoodAnswer, @Nullable Long cachedApplications,
			long pendingUnits, Duration pendingFor, List<Failure> failures) {

		private static Service of(MeteredBackend backend) {
			PredictingThreeScaleClient predicting = backend.predicting();
			BatchingStatistics reporting = backend.reporting().statistics();
			return new Service(backend.serviceId(), backend.history().lastAnswer(),
					(predicting != null) ? predicting.statistics().applications() : null, reporting.pendingUnits(),
					reporting.oldestPendingAge(), backend.history().failures());
		}

	}

}
