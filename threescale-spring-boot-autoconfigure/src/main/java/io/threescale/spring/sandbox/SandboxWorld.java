package io.threescale.spring.sandbox;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Everything a sandbox knows: its services by id, and the provider keys that open them. A
 * world is immutable; each {@code with} returns another one. <pre>{@code
 * SandboxWorld world = SandboxWorld.of("1001", SandboxService.userKey("token")
 *     .withMetrics(SandboxMetric.of("hits", "search"))
 *     .withPlan("basic", SandboxLimit.of("hits", Period.MINUTE, 10))
 *     .withApplication(SandboxApplication.userKey("demo")));
 * }</pre>
 *
 * @param services the services by id
 * @param providers the provider accounts
 * @since 0.1.0
 */
public record SandboxWorld(Map<String, SandboxService> services, List<SandboxProvider> providers) {

	public SandboxWorld(@Nullable Map<String, SandboxService> services, @Nullable List<SandboxProvider> providers) {
		this.services = Described.mapOf(services);
		this.providers = Described.listOf(providers);
		this.services.forEach(WorldCheck::service);
		this.providers.forEach((provider) -> WorldCheck.provider(provider, this.services));
	}

	/**
	 * Describe a world of one service.
	 * @param id the id of the service
	 * @param service the service
	 * @return the world
	 */
	public static SandboxWorld of(String id, SandboxService service) {
		return new SandboxWorld(Map.of(id, service), null);
	}

	/**
	 * Add a service, or replace the one of that id.
	 * @param id the id of the service
	 * @param service the service
	 * @return a world with that service
	 */
	public SandboxWorld withService(String id, SandboxService service) {
		return new SandboxWorld(Described.with(this.services, id, service), this.providers);
	}

	/**
	 * Add a provider account.
	 * @param key the provider key
	 * @param services the ids of its services, the default one first; none means all
	 * @return a world with that provider
	 */
	public SandboxWorld withProvider(String key, String... services) {
		return new SandboxWorld(this.services, Described.with(this.providers, SandboxProvider.of(key, services)));
	}

	/**
	 * Change a service.
	 * @param id the id of the service
	 * @param change returns the changed service
	 * @return a world with the changed service
	 * @throws IllegalArgumentException if there is no such service
	 */
	public SandboxWorld changeService(String id, UnaryOperator<SandboxService> change) {
		SandboxService service = this.services.get(id);
		if (service == null) {
			throw new IllegalArgumentException(
					"The sandbox has no service '" + id + "': use one of " + this.services.keySet());
		}
		return withService(id, change.apply(service));
	}

	@Nullable SandboxProvider provider(String key) {
		return this.providers.stream().filter((provider) -> provider.key().equals(key)).findFirst().orElse(null);
	}

}
