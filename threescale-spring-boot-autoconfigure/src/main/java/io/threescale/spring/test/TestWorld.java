package io.threescale.spring.test;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxLimit;
import io.threescale.spring.sandbox.SandboxMetric;
import io.threescale.spring.sandbox.SandboxPlan;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxService.Mode;
import io.threescale.spring.sandbox.SandboxWorld;

/**
 * What the sandbox of a test knows. Worlds are equal if they are described alike.
 *
 * @param sandbox the world as the sandbox takes it
 * @param mode what callers identify themselves with
 */
record TestWorld(SandboxWorld sandbox, Mode mode) {

	private static final String SERVICE = "test";

	private static final String TOKEN = "test";

	static TestWorld of(ThreeScaleTest test) {
		Mode mode = mode(test.applications());
		SandboxService service = service(mode).withMetrics(metrics(test));
		for (ThreeScaleTest.Application application : test.applications()) {
			SandboxApplication caller = caller(application);
			// A plan for each, as each tells its own limits
			service = service.withApplication(caller.onPlan(caller.id())).withPlan(caller.id(), plan(application));
		}
		return new TestWorld(SandboxWorld.of(SERVICE, service), mode);
	}

	static ServiceCredentials credentials() {
		return ServiceCredentials.serviceToken(SERVICE, TOKEN);
	}

	private static Mode mode(ThreeScaleTest.Application... applications) {
		Set<Mode> modes = EnumSet.noneOf(Mode.class);
		Arrays.stream(applications).map(TestWorld::mode).forEach(modes::add);
		if (modes.size() != 1) {
			throw new IllegalStateException("@ThreeScaleTest needs applications that all have a 'userKey', "
					+ "an 'appId' or an 'oauthClient', but has " + modes);
		}
		return modes.iterator().next();
	}

	private static Mode mode(ThreeScaleTest.Application application) {
		if (!application.oauthClient().isEmpty()) {
			return Mode.OAUTH;
		}
		if (!application.userKey().isEmpty()) {
			return Mode.USER_KEY;
		}
		if (application.appId().isEmpty()) {
			throw new IllegalStateException("An application of @ThreeScaleTest has no credentials: "
					+ "give it a 'userKey', an 'appId' or an 'oauthClient'");
		}
		return Mode.APP_ID;
	}

	private static SandboxService service(Mode mode) {
		return switch (mode) {
			case USER_KEY -> SandboxService.userKey(TOKEN);
			case APP_ID -> SandboxService.appId(TOKEN);
			case OAUTH -> SandboxService.oauth(TOKEN);
		};
	}

	private static SandboxMetric[] metrics(ThreeScaleTest test) {
		Map<String, List<String>> methods = new LinkedHashMap<>();
		for (ThreeScaleTest.Metric metric : test.metrics()) {
			methods.put(metric.value(), List.of(metric.methods()));
		}
		methods.putIfAbsent("hits", List.of());
		for (ThreeScaleTest.Application application : test.applications()) {
			Arrays.stream(application.limits()).forEach((limit) -> methods.putIfAbsent(limit.metric(), List.of()));
		}
		Set<String> roots = new LinkedHashSet<>(methods.keySet());
		methods.values().forEach(roots::removeAll);
		SandboxMetric[] trees = roots.stream().map((root) -> tree(root, methods)).toArray(SandboxMetric[]::new);
		if (!methods.isEmpty()) {
			throw new IllegalStateException("@ThreeScaleTest has metrics that are methods of each other: "
					+ methods.keySet() + ". Let one of them be no method");
		}
		return trees;
	}

	/** Takes what it uses, so that a metric below itself does not go on for ever. */
	private static SandboxMetric tree(String name, Map<String, List<String>> methods) {
		List<String> own = Objects.requireNonNullElse(methods.remove(name), List.of());
		return SandboxMetric.of(name,
				own.stream().map((method) -> tree(method, methods)).toArray(SandboxMetric[]::new));
	}

	private static SandboxApplication caller(ThreeScaleTest.Application application) {
		SandboxApplication caller = switch (mode(application)) {
			case USER_KEY -> userKey(application);
			case APP_ID -> SandboxApplication.appId(application.appId(), application.appKeys());
			case OAUTH -> SandboxApplication.appId(application.oauthClient());
		};
		return application.suspended() ? caller.suspend() : caller;
	}

	private static SandboxApplication userKey(ThreeScaleTest.Application application) {
		SandboxApplication caller = SandboxApplication.userKey(application.userKey());
		return application.appId().isEmpty() ? caller : caller.withAppId(application.appId());
	}

	private static SandboxPlan plan(ThreeScaleTest.Application application) {
		return SandboxPlan
			.of(Arrays.stream(application.limits())
				.map((limit) -> SandboxLimit.of(limit.metric(), limit.period().period(), limit.max()))
				.toArray(SandboxLimit[]::new))
			.named(application.plan());
	}

}
