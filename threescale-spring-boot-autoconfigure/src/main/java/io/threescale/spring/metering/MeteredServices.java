package io.threescale.spring.metering;

import java.util.Map;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * The services this application serves.
 *
 * @param byName all of them, by name
 * @param resolver finds the name of calls whose operation has none
 * @since 0.1.0
 */
@ApiStatus.Internal
public record MeteredServices(Map<String, MeteredService> byName, ServiceResolver resolver) {

	/**
	 * The name of the service that serves whatever names none.
	 */
	public static final String DEFAULT = "default";

	public MeteredServices {
		byName = Map.copyOf(byName);
	}

	/**
	 * Find a service.
	 * @param name the name, or {@code null} for the default service
	 * @return the service, or {@code null} if there is none of that name
	 */
	public @Nullable MeteredService named(@Nullable String name) {
		return this.byName.get((name != null) ? name : DEFAULT);
	}

	/**
	 * Find the service of a call.
	 * @param operation what is called
	 * @param request the request, or {@code null} if the call is none
	 * @return the service, or {@code null} if there is none of that name
	 */
	@Nullable MeteredService of(MeteredOperation operation, @Nullable HttpRequest request) {
		String name = operation.service();
		return named((name == null && request != null) ? this.resolver.resolve(request) : name);
	}

}
