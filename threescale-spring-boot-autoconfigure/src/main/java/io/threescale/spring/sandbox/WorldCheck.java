package io.threescale.spring.sandbox;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Refuses a world that refers to what it does not have, before the first call wonders.
 */
final class WorldCheck {

	private WorldCheck() {
	}

	static void service(String id, SandboxService service) {
		Set<String> metrics = new HashSet<>();
		service.metrics().forEach((metric) -> metric(id, metric, metrics));
		service.plans().forEach((name, plan) -> plan(id, name, plan, metrics));
		Set<String> callers = new HashSet<>();
		service.applications().forEach((application) -> application(id, service, application, callers));
	}

	static void provider(SandboxProvider provider, Map<String, SandboxService> services) {
		for (String id : provider.services()) {
			if (!services.containsKey(id)) {
				throw new IllegalArgumentException("A sandbox provider has the service '" + id
						+ "', which is not described: add it to 'services' or name one of " + services.keySet());
			}
		}
	}

	private static void metric(String id, SandboxMetric metric, Set<String> seen) {
		if (!seen.add(metric.name())) {
			throw new IllegalArgumentException("Service '" + id + "' has the metric '" + metric.name()
					+ "' twice: a name stands once in the whole tree of metrics and methods");
		}
		metric.methods().forEach((method) -> metric(id, method, seen));
	}

	private static void plan(String id, String name, SandboxPlan plan, Set<String> metrics) {
		for (SandboxLimit limit : plan.limits()) {
			if (!metrics.contains(limit.metric())) {
				throw new IllegalArgumentException("Plan '" + name + "' of service '" + id + "' limits the metric '"
						+ limit.metric() + "', which is not described: add it to 'metrics' or use one of " + metrics);
			}
		}
	}

	private static void application(String id, SandboxService service, SandboxApplication application,
			Set<String> callers) {
		String plan = application.plan();
		if (plan == null && service.plans().size() > 1) {
			throw new IllegalArgumentException("An application of service '" + id
					+ "' names no 'plan' although there are several: use one of " + service.plans().keySet());
		}
		if (plan != null && !service.plans().containsKey(plan)) {
			throw new IllegalArgumentException("An application of service '" + id + "' is on the plan '" + plan
					+ "', which is not described: add it to 'plans' or use one of " + service.plans().keySet());
		}
		boolean unique = (application.appId() == null || callers.add("app-id " + application.appId()))
				& (application.userKey() == null || callers.add("user-key " + application.userKey()));
		if (!unique) {
			throw new IllegalArgumentException(
					"Two applications of service '" + id + "' have the same 'app-id' or 'user-key': give each its own");
		}
	}

}
