package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import io.micrometer.context.ContextRegistry;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ServiceCredentials.ProviderKey;
import io.threescale.spring.ServiceCredentials.ServiceToken;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.KnownMetrics;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.DecisionObserver;
import io.threescale.spring.metering.LogFields;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.RequestCalls;
import io.threescale.spring.metering.ServiceResolver;
import io.threescale.spring.metering.ThreeScaleTemplate;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.method.MeteredMethodAdvisor;
import io.threescale.spring.metering.problem.MeteringProblems;
import io.threescale.spring.metering.rules.MappingRules;
import io.threescale.spring.metering.rules.RuleUsageResolver;
import io.threescale.spring.metering.verification.AnnotatedBeans;
import io.threescale.spring.metering.verification.MeteringInventory;
import io.threescale.spring.metering.verification.MeteringVerifier;
import io.threescale.spring.metering.verification.ServedHandlers;
import io.threescale.spring.observation.MdcLogFields;
import org.slf4j.MDC;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.json.JsonWriter;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Auto-configuration of the decision about metered calls, for any web stack.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleClientAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@ConditionalOnBean(ReactiveThreeScaleClient.class)
@EnableConfigurationProperties(ThreeScaleLintProperties.class)
@Import({ MappingRulesConfiguration.class, LimitEventsConfiguration.class })
public final class ThreeScaleMeteringAutoConfiguration {

	@Bean
	MeteredMethods threeScaleMeteredMethods(ConfigurableBeanFactory beanFactory, ThreeScaleProperties properties) {
		return new MeteredMethods(new EmbeddedValueResolver(beanFactory), properties.charging(),
				properties.services().keySet());
	}

	@Bean
	@ConditionalOnMissingBean
	UsageResolver threeScaleUsageResolver(MeteredMethods methods, MappingRules rules) {
		return new RuleUsageResolver(methods, rules);
	}

	@Bean
	@ConditionalOnMissingBean
	MeteredServices threeScaleMeteredServices(ReactiveThreeScaleClient client, ThreeScaleProperties properties,
			ObjectProvider<CredentialsResolver> own, ObjectProvider<ServicePipelines> pipelines,
			ObjectProvider<ServiceResolver> resolver) {
		List<CredentialsResolver> resolvers = own.orderedStream().toList();
		Map<String, MeteredService> services = new LinkedHashMap<>();
		pipelines.ifAvailable((all) -> all.byName()
			.forEach((name, pipeline) -> services.put(name, service(name, pipeline.serviceId(), pipeline.client(),
					pipeline.reporting().book().known().metrics(), properties, resolvers))));
		// The host has a client of its own
		services.computeIfAbsent(MeteredServices.DEFAULT, (name) -> {
			String id = properties.serviceId();
			return service(name, (id != null) ? id : name, client, new KnownMetrics(), properties, resolvers);
		});
		return new MeteredServices(services, resolver.getIfAvailable(() -> (request) -> null));
	}

	private static MeteredService service(String name, String id, ReactiveThreeScaleClient client, KnownMetrics metrics,
			ThreeScaleProperties properties, List<CredentialsResolver> own) {
		ThreeScaleCredentialsProperties credentials = properties.credentials();
		String prefix = "threescale";
		if (!name.equals(MeteredServices.DEFAULT)) {
			ThreeScaleCredentialsProperties ofService = Objects.requireNonNull(properties.services().get(name))
				.credentials();
			credentials = (ofService != null) ? ofService : credentials;
			prefix = "threescale.services." + name;
		}
		return new MeteredService(id, client, credentials(prefix, credentials, own),
				name.equals(MeteredServices.DEFAULT) ? properties.anonymous().shared() : null, metrics);
	}

	@Bean
	@ConditionalOnMissingBean
	MeteringGate threeScaleMeteringGate(MeteredServices services, ThreeScaleProperties properties,
			ObjectProvider<MeteringListener> listeners, ObjectProvider<DecisionObserver> observer,
			@Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
		return new MeteringGate(services, properties.metering(),
				new MeteringListeners(listeners.orderedStream().toList()), observer.getIfAvailable(),
				clock.getIfAvailable(Clock::systemUTC));
	}

	/**
	 * They are the same for all instances with the same token.
	 */
	@Bean
	@ConditionalOnMissingBean
	ApplicationNames threeScaleApplicationNames(ObjectProvider<ThreeScaleConnectionDetails> details) {
		ThreeScaleConnectionDetails known = details.getIfAvailable();
		return new ApplicationNames(
				(known != null) ? secret(known.getServiceCredentials()) : UUID.randomUUID().toString());
	}

	private static String secret(ServiceCredentials credentials) {
		return (credentials instanceof ServiceToken token) ? token.token() : ((ProviderKey) credentials).key();
	}

	@Bean
	SettlementLifecycle threeScaleSettlementLifecycle(MeteringGate gate) {
		return new SettlementLifecycle(gate);
	}

	@Bean
	CurrentCalls threeScaleCurrentCalls(ObjectProvider<RequestCalls> requests, ObjectProvider<LogFields> logFields) {
		return new CurrentCalls(requests.getIfAvailable(() -> () -> null),
				logFields.getIfAvailable(() -> LogFields.NONE));
	}

	@Bean
	@ConditionalOnMissingBean
	ThreeScaleTemplate threeScaleTemplate(MeteringGate gate, CurrentCalls currentCalls) {
		return new ThreeScaleTemplate(gate, currentCalls);
	}

	@Bean
	@ConditionalOnWebApplication
	MeteringProblems threeScaleMeteringProblems(ApplicationContext messages) {
		return new MeteringProblems(messages, JsonWriter.<Map<String, ?>>standard()::writeToString);
	}

	@Bean
	MeteringInventory threeScaleMeteringInventory(MeteredMethods methods, UsageResolver usages, MappingRules rules,
			ObjectProvider<ServedHandlers> handlers) {
		return new MeteringInventory(methods, (usages instanceof RuleUsageResolver) ? rules.rules() : null,
				handlers::stream);
	}

	@Bean
	MeteringLint threeScaleMeteringLint(ThreeScaleLintProperties lint, ThreeScaleProperties properties,
			ObjectProvider<ThreeScaleAiProperties> ai, MeteredServices services,
			ObjectProvider<CredentialsResolver> own, @Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
		return new MeteringLint(lint, properties, ai.getIfAvailable(), services, own.stream().findAny().isPresent(),
				clock.getIfAvailable(Clock::systemUTC));
	}

	@Bean
	MeteringStart threeScaleMeteringStart(ConfigurableListableBeanFactory beans, ConfigurableEnvironment environment,
			MeteringInventory inventory, MeteredServices services, ThreeScaleProperties properties,
			ObjectProvider<ServicePipelines> pipelines, UsageResolver usages,
			ObjectProvider<MeteredMethodAdvisor> advisor, MeteringLint lint) {
		MeteringVerifier verifier = new MeteringVerifier(inventory,
				new AnnotatedBeans(beans, advisor.getIfAvailable()));
		List<String> ineffective = IneffectiveProperties.of(environment, properties)
			.find(pipelines.getIfAvailable() != null, lint.isOn(), usages instanceof RuleUsageResolver);
		boolean slice = beans.getBeanNamesForType(TypeExcludeFilter.class, false, false).length > 0;
		return new MeteringStart(verifier, ineffective, properties, services, slice, lint,
				(BackendWarmUp) beans.getSingleton(BackendWarmUp.BEAN_NAME));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MDC.class)
	static class Logging {

		/** No condition, as that could not be changed in a native image. */
		@Bean
		LogFields threeScaleLogFields(ThreeScaleProperties properties, ApplicationNames names) {
			return properties.logging().mdc() ? new MdcLogFields(names) : LogFields.NONE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextRegistry.class)
	static class Propagation {

		/**
		 * It stays registered, as it may serve other applications in the process as well.
		 * Nobody asks for it, so that it would never be there where beans are lazy.
		 */
		@Bean
		@Lazy(false)
		CurrentCallAccessor threeScaleCurrentCallAccessor(CurrentCalls currentCalls) {
			CurrentCallAccessor accessor = new CurrentCallAccessor(currentCalls);
			ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
			return accessor;
		}

	}

	private static CredentialsResolver credentials(String prefix, ThreeScaleCredentialsProperties credentials,
			List<CredentialsResolver> own) {
		List<CredentialsResolver> all = new ArrayList<>(own);
		Stream.ofNullable(credentials.byClaim(prefix)).forEach(all::add);
		credentials.bySource(prefix).forEach(all::add);
		if (all.isEmpty()) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + prefix + ".credentials.sources' is empty and there is no CredentialsResolver bean.",
					"Name at least one of header, query, cookie, basic and bearer, or declare a CredentialsResolver.");
		}
		return CredentialsResolver.firstOf(all);
	}

}
