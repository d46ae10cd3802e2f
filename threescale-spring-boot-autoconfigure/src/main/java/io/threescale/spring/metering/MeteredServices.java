package io.threescale.spring.metering;

import java.util.Map;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * The services this application serves.
 *
 * @param standard the one that serves whatever names none
 * @param named the others, by name
 * @param resolver finds the name of calls whose operation has none
 * @since 0.1.0
 */
@ApiStatus.Internal
public record MeteredServices(MeteredService standard, Map<String, MeteredService> named, ServiceResolver resolver) {

	public MeteredServices {
		named = Map.copyOf(named);
	}

	/**
	 * Find the service of a call.
	 * @param operation what is called
	 * @param request the request, or {@code null} if the call is none
	 * @return the service, or {@code null} if there is none of that name
	 */
	@Nullable MeteredService of(MeteredOperation operation, @Nullable HttpRequest request) {
		String name = operation.service();
		if (name == null && request != null) {
			name = this.resolver.resolve(request);
		}
		return (name != null) ? this.named.get(name) : this.standard;
	}

}
