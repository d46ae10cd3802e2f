package io.threescale.spring.sandbox;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A provider account of the sandbox: the older way in, with a provider key instead of
 * service tokens.
 *
 * @param key the provider key
 * @param services the ids of its services, the default one first; none means all
 * @since 0.1.0
 */
public record SandboxProvider(String key, List<String> services) {

	public SandboxProvider(String key, @Nullable List<String> services) {
		this.key = Described.required(key, "A sandbox provider needs a 'key', the provider key its callers send");
		this.services = Described.listOf(services);
	}

	/**
	 * Describe a provider.
	 * @param key the provider key
	 * @param services the ids of its services, the default one first; none means all
	 * @return the provider
	 */
	public static SandboxProvider of(String key, String... services) {
		return new SandboxProvider(key, List.of(services));
	}

	@Override
	public String toString() {
		return "SandboxProvider[services=" + this.services + "]";
	}

}
