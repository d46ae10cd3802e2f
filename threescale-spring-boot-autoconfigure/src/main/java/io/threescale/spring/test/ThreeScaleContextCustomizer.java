package io.threescale.spring.test;

import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.autoconfigure.ThreeScaleConnectionDetails;
import io.threescale.spring.sandbox.SandboxService.Mode;
import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Connects the application under test to a sandbox. Contexts are shared by tests whose
 * worlds are equal.
 *
 * @param world what the sandbox knows
 */
record ThreeScaleContextCustomizer(TestWorld world) implements ContextCustomizer {

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		TestPropertyValues
			.of("threescale.enabled=true", "threescale.url=", "threescale.connection.proxy=",
					"threescale.reporting.spool.directory=")
			.applyTo(context);
		if (this.world.mode() != Mode.OAUTH) {
			String kind = (this.world.mode() == Mode.APP_ID) ? "app-id" : "user-key";
			context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("@ThreeScaleTest", Map.of("threescale.credentials.kind", kind)));
		}
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		register(beans, ThreeScaleSandbox.class, () -> ThreeScaleSandbox.start(this.world.sandbox()));
		register(beans, ThreeScaleConnectionDetails.class,
				() -> new SandboxConnection(beans.getBean(ThreeScaleSandbox.class)));
	}

	/**
	 * Register a bean that is preferred to one the application has.
	 */
	private static <T> void register(ConfigurableListableBeanFactory beans, Class<T> type, Supplier<T> supplier) {
		RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
		definition.setPrimary(true);
		((BeanDefinitionRegistry) beans).registerBeanDefinition(type.getName() + "@ThreeScaleTest", definition);
	}

	private record SandboxConnection(ThreeScaleSandbox sandbox) implements ThreeScaleConnectionDetails {

		@Override
		public URI getUrl() {
			return this.sandbox.uri();
		}

		@Override
		public ServiceCredentials getServiceCredentials() {
			return TestWorld.credentials();
		}

		/** All services of the application are the one there is. */
		@Override
		public ServiceCredentials getServiceCredentials(String name) {
			return TestWorld.credentials();
		}

	}

}
