package io.threescale.spring.actuate;

import java.security.Principal;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.verification.MeteringInventory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Shows what is metered and how it goes, and how an application stands. Reports what is
 * pending, and forgets what 3scale said of an application; each of that is an audit
 * event.
 *
 * @since 0.1.0
 */
@Endpoint(id = "threescale")
public final class ThreeScaleEndpoint {

	private static final String APPLICATIONS = "applications";

	private static final String FLUSH = "flush";

	private final Map<String, MeteredBackend> backends;

	private final MeteringInventory inventory;

	private final MeteringPolicies policies;

	private final RecentDeadLetters deadLetters;

	private final ApplicationNames names;

	private final ApplicationEventPublisher events;

	private final Clock clock;

	/**
	 * Create an endpoint.
	 * @param backends the backends of all services, by the names of those
	 * @param inventory lists what is metered
	 * @param policies how calls are metered
	 * @param deadLetters keeps usage that 3scale took not
	 * @param names names the applications
	 * @param events takes the audit events
	 * @param clock tells the time
	 */
	public ThreeScaleEndpoint(Map<String, MeteredBackend> backends, MeteringInventory inventory,
			MeteringPolicies policies, RecentDeadLetters deadLetters, ApplicationNames names,
			ApplicationEventPublisher events, Clock clock) {
		this.backends = backends;
		this.inventory = inventory;
		this.policies = policies;
		this.deadLetters = deadLetters;
		this.names = names;
		this.events = events;
		this.clock = clock;
		backends.values().forEach((backend) -> backend.history().keepApplications());
	}

	/**
	 * Show what is metered and how it goes.
	 * @return the report
	 */
	@ReadOperation
	public OperationResponseBody metering() {
		return MeteringReport.of(this.inventory, this.policies, this.backends, this.deadLetters);
	}

	/**
	 * Show how an application stands.
	 * @param kind {@code applications}
	 * @param name the name of the application
	 * @param reconcile whether 3scale is asked what it shows right now
	 * @return a report by service, or {@code null} if nothing is known of it
	 */
	@ReadOperation
	public @Nullable Map<String, Object> application(@Selector String kind, @Selector String name,
			@Nullable Boolean reconcile) {
		boolean reconciled = Boolean.TRUE.equals(reconcile);
		Map<String, Object> services = new LinkedHashMap<>();
		forEach(kind, name, (service, application) -> {
			if (reconciled || application.isKnown()) {
				services.put(service, application.report(this.clock, reconciled));
			}
		});
		return services.isEmpty() ? null : OperationResponseBody.of(Map.of("application", name, "services", services));
	}

	/**
	 * Forget what 3scale said of an application, so that it is asked again. What it has
	 * used stays.
	 * @param kind {@code applications}
	 * @param name the name of the application
	 * @param security who asks for it
	 */
	@DeleteOperation
	public void forget(@Selector String kind, @Selector String name, SecurityContext security) {
		forEach(kind, name, (service, application) -> application.forget());
		audit(security, "THREESCALE_APPLICATION_FORGOTTEN", "application=" + name);
	}

	/**
	 * Report all usage that is pending.
	 * @param operation {@code flush}
	 * @param security who asks for it
	 * @return how much is pending yet, by service
	 */
	@WriteOperation
	public Map<String, Object> flush(@Selector String operation, SecurityContext security) {
		require(operation, FLUSH);
		Map<String, Object> pending = new LinkedHashMap<>();
		this.backends.forEach((service, backend) -> {
			backend.reporting().flush().block();
			pending.put(service, backend.reporting().statistics().pendingUnits());
		});
		audit(security, "THREESCALE_USAGE_FLUSHED", "pendingUnits=" + pending);
		return OperationResponseBody.of(Map.of("pendingUnits", pending));
	}

	private void forEach(String kind, String name, BiConsumer<String, OperatedApplication> action) {
		require(kind, APPLICATIONS);
		this.backends.forEach((service, backend) -> {
			OperatedApplication application = OperatedApplication.find(backend, name, this.names);
			if (application != null) {
				action.accept(service, application);
			}
		});
	}

	private static void require(String selector, String expected) {
		if (!selector.equals(expected)) {
			throw new InvalidEndpointRequestException("'" + selector + "' is not '" + expected + "'",
					"The path goes on with '" + expected + "'");
		}
	}

	private void audit(SecurityContext security, String type, String... data) {
		Principal principal = security.getPrincipal();
		this.events
			.publishEvent(new AuditApplicationEvent((principal != null) ? principal.getName() : "unknown", type, data));
	}

}
