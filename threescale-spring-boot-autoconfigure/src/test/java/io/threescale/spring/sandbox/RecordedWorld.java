package io.threescale.spring.sandbox;

import io.threescale.spring.Period;

/**
 * The world the exchanges were recorded in.
 */
final class RecordedWorld {

	private static final long HUGE = 1_000_000_000;

	private RecordedWorld() {
	}

	static SandboxWorld create() {
		return SandboxWorld.of("1001", userKeyService("1001"))
			.withService("1002", appIdService())
			.withService("1003", oauthService())
			.withService("1004", userKeyService("1004").suspend())
			.withService("1005", appIdService().requireReferrerFilters())
			.withService("2001",
					withPlans(SandboxService.userKey("st2"))
						.withApplication(SandboxApplication.userKey("uk-2001").withAppId("2001-app").onPlan("nolimit")))
			.withProvider("pk1", "1001", "1002", "1003", "1004", "1005")
			.withProvider("pk2", "2001");
	}

	private static SandboxService userKeyService(String id) {
		return withPlans(SandboxService.userKey("st1")).withApplication(userKey(id, "nolimit", "nolimit"))
			.withApplication(userKey(id, "basic", "gold"))
			.withApplication(userKey(id, "hier", "small"))
			.withApplication(userKey(id, "all", "all"))
			.withApplication(userKey(id, "zero", "zero"))
			.withApplication(userKey(id, "small", "small"))
			.withApplication(userKey(id, "full", "small"))
			.withApplication(userKey(id, "minute", "basic"))
			.withApplication(userKey(id, "susp", "basic").suspend())
			.withApplication(userKey(id, "rep", "all"))
			.withApplication(userKey(id, "set", "all"))
			.withApplication(userKey(id, "r2", "all"))
			.withApplication(userKey(id, "esc", "esc"))
			.withApplication(userKey(id, "big", "nolimit"))
			.withApplication(userKey(id, "big2", "nolimit"))
			.withApplication(userKey(id, "bench", "huge"))
			.withApplication(SandboxApplication.userKey("clé-ü").onPlan("basic"));
	}

	private static SandboxApplication userKey(String service, String name, String plan) {
		return SandboxApplication.userKey("uk-" + name).withAppId(service + "-app-" + name).onPlan(plan);
	}

	private static SandboxService appIdService() {
		return withPlans(SandboxService.appId("st1", "st-only-1002"))
			.withApplication(SandboxApplication.appId("app-nokeys").onPlan("basic"))
			.withApplication(SandboxApplication.appId("app-1key", "k1").onPlan("basic"))
			.withApplication(SandboxApplication.appId("app-2keys", "k2", "k1").onPlan("basic"))
			.withApplication(SandboxApplication.appId("app-nolimit", "k1").onPlan("nolimit"))
			.withApplication(SandboxApplication.appId("app-susp", "k1").onPlan("basic").suspend())
			.withApplication(SandboxApplication.appId("app-zero", "k1").onPlan("zero"))
			.withApplication(SandboxApplication.appId("app-full", "k1").onPlan("small"))
			.withApplication(SandboxApplication.appId("app-rep", "k1").onPlan("all"))
			.withApplication(SandboxApplication.appId("app-esckey", "a<b>&\"c").onPlan("basic"))
			.withApplication(SandboxApplication.appId("app-noref").onPlan("basic"))
			.withApplication(
					SandboxApplication.appId("app-ref").onPlan("basic").withReferrerFilters("*.example.com", "foo.org"))
			.withApplication(SandboxApplication.appId("app-ukey").withUserKey("uk-on-v2").onPlan("basic"));
	}

	private static SandboxService oauthService() {
		String redirect = "https://x.test/";
		return withPlans(SandboxService.oauth("st1"))
			.withApplication(SandboxApplication.appId("oapp", "secret1")
				.onPlan("basic")
				.withRedirectUrl("https://client.example.com/cb?a=1&b=2"))
			.withApplication(SandboxApplication.appId("oapp2", "secret1", "secret2").onPlan("small"))
			.withApplication(SandboxApplication.appId("oapp-nokeys").onPlan("nolimit").withRedirectUrl(redirect))
			.withApplication(SandboxApplication.appId("oapp-susp", "secret1")
				.onPlan("nolimit")
				.withRedirectUrl(redirect)
				.suspend())
			.withApplication(SandboxApplication.appId("oapp-zero", "secret1").onPlan("zero").withRedirectUrl(redirect));
	}

	private static SandboxService withPlans(SandboxService service) {
		SandboxLimit[] basic = { SandboxLimit.of("hits", Period.MINUTE, 10),
				SandboxLimit.of("hits", Period.ETERNITY, 1000), SandboxLimit.of("storage", Period.DAY, 5) };
		return service
			.withMetrics(SandboxMetric.of("hits", "search", "list"), SandboxMetric.of("storage"),
					SandboxMetric.of("data & <x>"))
			.withPlan("nolimit")
			.withPlan("basic", basic)
			.withPlan("gold", SandboxPlan.of(basic).named("Basic & <Gold> \"plan\" é"))
			.withPlan("all", inEveryPeriod(1000, 1))
			.withPlan("huge", inEveryPeriod(HUGE, 0))
			.withPlan("zero", SandboxLimit.of("hits", Period.DAY, 0))
			.withPlan("small", SandboxLimit.of("hits", Period.ETERNITY, 3), SandboxLimit.of("search", Period.DAY, 2))
			.withPlan("esc", SandboxLimit.of("data & <x>", Period.DAY, 3));
	}

	private static SandboxLimit[] inEveryPeriod(long max, long step) {
		Period[] periods = { Period.MINUTE, Period.HOUR, Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR,
				Period.ETERNITY };
		SandboxLimit[] limits = new SandboxLimit[periods.length];
		for (int i = 0; i < periods.length; i++) {
			limits[i] = SandboxLimit.of("hits", periods[i], max + i * step);
		}
		return limits;
	}

}
