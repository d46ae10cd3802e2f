package io.threescale.spring.autoconfigure;

import java.util.Map;
import java.util.Objects;

import io.threescale.spring.credentials.CredentialsKind;
import io.threescale.spring.sandbox.SandboxApplication;
import io.threescale.spring.sandbox.SandboxService;
import io.threescale.spring.sandbox.SandboxWorld;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the embedded 3scale. It starts only when asked to, and says
 * loudly that it did.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = ThreeScaleBackendAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "threescale.sandbox.enabled")
@ConditionalOnMissingBean(ThreeScaleConnectionDetails.class)
@EnableConfigurationProperties({ ThreeScaleProperties.class, ThreeScaleSandboxProperties.class })
public final class ThreeScaleSandboxAutoConfiguration {

	private static final Log logger = LogFactory.getLog(ThreeScaleSandboxAutoConfiguration.class);

	private static final String KEY = "sandbox";

	@Bean
	@ConditionalOnMissingBean
	ThreeScaleSandbox threeScaleSandbox(ThreeScaleProperties properties, ThreeScaleSandboxProperties sandbox) {
		SandboxWorld world = world(properties, sandbox);
		ThreeScaleSandbox started = ThreeScaleSandbox.start(world, sandbox.port());
		logger.warn("Using the 3scale sandbox at " + started.uri() + ": NOTHING IS BILLED, and limits last until the "
				+ "application stops. Remove 'threescale.sandbox.enabled' to use a real 3scale.");
		SandboxService service = Objects.requireNonNull(world.services().get(serviceId(properties, sandbox)));
		String caller = service.applications()
			.stream()
			.filter((application) -> !application.suspended())
			.findFirst()
			.map((application) -> " Call with " + service.callerOf(application) + ".")
			.orElse("");
		logger.info("Watch usage and limits of the sandbox at " + started.page() + " in a browser." + caller);
		return started;
	}

	@Bean
	SandboxThreeScaleConnectionDetails threeScaleSandboxConnectionDetails(ThreeScaleSandbox sandbox,
			ThreeScaleProperties properties, ThreeScaleSandboxProperties sandboxProperties) {
		return new SandboxThreeScaleConnectionDetails(sandbox, KEY, serviceId(properties, sandboxProperties),
				(name) -> namedServiceId(properties, name));
	}

	private static SandboxWorld world(ThreeScaleProperties properties, ThreeScaleSandboxProperties sandbox) {
		String serviceId = serviceId(properties, sandbox);
		Map<String, SandboxService> services = sandbox.services().isEmpty()
				? Map.of(serviceId, demo(properties.credentials().kind())) : sandbox.services();
		if (!services.containsKey(serviceId)) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.service-id' names service '" + serviceId
							+ "', which the sandbox does not know.",
					"Use one of " + services.keySet() + ", or describe it under 'threescale.sandbox.services'.");
		}
		try {
			return new SandboxWorld(services, null).withProvider(KEY);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidThreeScaleConfigurationException(
					"The world under 'threescale.sandbox' makes no sense. " + ex.getMessage() + ".",
					"Correct 'threescale.sandbox.services'.");
		}
	}

	private static String serviceId(ThreeScaleProperties properties, ThreeScaleSandboxProperties sandbox) {
		String configured = properties.serviceId();
		return (configured != null) ? configured : sandbox.services().keySet().stream().findFirst().orElse("demo");
	}

	private static String namedServiceId(ThreeScaleProperties properties, String name) {
		String id = Objects.requireNonNull(properties.services().get(name)).serviceId();
		InvalidThreeScaleConfigurationException.require(id != null, "threescale.services." + name + ".service-id",
				"the id of a service under 'threescale.sandbox.services'");
		return Objects.requireNonNull(id);
	}

	private static SandboxService demo(CredentialsKind kind) {
		return switch (kind) {
			case USER_KEY -> SandboxService.userKey().withApplication(SandboxApplication.userKey("demo"));
			case APP_ID -> SandboxService.appId().withApplication(SandboxApplication.appId("demo"));
		};
	}

}
