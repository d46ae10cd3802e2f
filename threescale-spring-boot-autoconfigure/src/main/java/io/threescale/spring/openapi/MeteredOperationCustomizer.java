package io.threescale.spring.openapi;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;

import org.springframework.web.method.HandlerMethod;

/**
 * Shows what callers of metered controller methods need and may be answered: the ways to
 * present credentials, and 401, 403, 429 and 503. What an operation says itself stays.
 *
 * @since 0.1.0
 */
public final class MeteredOperationCustomizer implements GlobalOperationCustomizer, GlobalOpenApiCustomizer {

	private final MeteredMethods methods;

	private final MeteredServices services;

	private final boolean anonymousPass;

	/**
	 * Create a customizer.
	 * @param methods tells what is metered
	 * @param services tell how their callers present credentials
	 * @param anonymousPass whether callers without credentials pass
	 */
	public MeteredOperationCustomizer(MeteredMethods methods, MeteredServices services, boolean anonymousPass) {
		this.methods = methods;
		this.services = services;
		this.anonymousPass = anonymousPass;
	}

	@Override
	public Operation customize(Operation operation, HandlerMethod handlerMethod) {
		MeteredOperation metered = this.methods.of(handlerMethod).operation();
		MeteredService service = (metered != null) ? this.services.named(metered.service()) : null;
		if (service != null) {
			boolean anonymous = this.anonymousPass || service.anonymous() != null;
			addSecurity(operation, service, anonymous);
			addResponses(operation, anonymous);
		}
		return operation;
	}

	/**
	 * Each way is enough; none at all is a way if callers may be anonymous.
	 */
	private static void addSecurity(Operation operation, MeteredService service, boolean anonymous) {
		if (operation.getSecurity() == null) {
			ChallengeSecurity.schemes(service.credentials().challenges())
				.keySet()
				.forEach((scheme) -> operation.addSecurityItem(new SecurityRequirement().addList(scheme)));
			if (anonymous) {
				operation.addSecurityItem(new SecurityRequirement());
			}
		}
	}

	private static void addResponses(Operation operation, boolean anonymous) {
		if (operation.getResponses() == null) {
			operation.setResponses(new ApiResponses());
		}
		for (ProblemResponse response : ProblemResponse.values()) {
			if (!anonymous || response != ProblemResponse.CREDENTIALS_MISSING) {
				operation.getResponses().putIfAbsent(response.status(), response.reference());
			}
		}
	}

	/**
	 * Add what metered operations refer to.
	 */
	@Override
	public void customise(OpenAPI openApi) {
		Map<String, PathItem> paths = openApi.getPaths();
		if (paths == null) {
			return;
		}
		Components components = (openApi.getComponents() != null) ? openApi.getComponents() : new Components();
		openApi.setComponents(components);
		for (ProblemResponse response : ProblemResponse.values()) {
			if (operations(paths).anyMatch((operation) -> response.isReferredToBy(operation.getResponses()))) {
				components.addResponses(response.component(), response.response());
			}
		}
		this.services.byName()
			.values()
			.stream()
			.map((service) -> ChallengeSecurity.schemes(service.credentials().challenges()))
			.forEach((schemes) -> schemes.forEach((name, scheme) -> {
				if (operations(paths).anyMatch((operation) -> isSecuredBy(name, operation))) {
					components.addSecuritySchemes(name, scheme);
				}
			}));
	}

	private static Stream<Operation> operations(Map<String, PathItem> paths) {
		return paths.values().stream().map(PathItem::readOperations).flatMap(Collection::stream);
	}

	private static boolean isSecuredBy(String scheme, Operation operation) {
		return operation.getSecurity() != null
				&& operation.getSecurity().stream().anyMatch((requirement) -> requirement.containsKey(scheme));
	}

}
