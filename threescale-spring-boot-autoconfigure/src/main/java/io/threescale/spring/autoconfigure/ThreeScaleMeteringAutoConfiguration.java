package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.ServiceResolver;
import io.threescale.spring.metering.UsageResolver;
import io.threescale.spring.metering.rules.MappingRules;
import io.threescale.spring.metering.rules.RuleUsageResolver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of the decision about metered calls, for any web stack.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleClientAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@ConditionalOnBean(ReactiveThreeScaleClient.class)
@Import(MappingRulesConfiguration.class)
public final class ThreeScaleMeteringAutoConfiguration {

	@Bean
	MeteredMethods threeScaleMeteredMethods(ConfigurableBeanFactory beanFactory, ThreeScaleProperties properties) {
		return new MeteredMethods(new EmbeddedValueResolver(beanFactory), properties.charging());
	}

	@Bean
	@ConditionalOnMissingBean
	UsageResolver threeScaleUsageResolver(MeteredMethods methods, MappingRules rules) {
		return new RuleUsageResolver(methods, rules);
	}

	@Bean
	@ConditionalOnMissingBean
	MeteredServices threeScaleMeteredServices(ReactiveThreeScaleClient client, ThreeScaleProperties properties,
			ObjectProvider<ThreeScaleConnectionDetails> details, ObjectProvider<CredentialsResolver> credentials,
			ObjectProvider<ServiceResolver> resolver) {
		ThreeScaleConnectionDetails known = details.getIfAvailable();
		String id = (known != null) ? known.getServiceCredentials().serviceId() : properties.serviceId();
		MeteredService standard = new MeteredService((id != null) ? id : "default", client,
				credentials(properties, credentials));
		return new MeteredServices(standard, Map.of(), resolver.getIfAvailable(() -> (request) -> null));
	}

	@Bean
	@ConditionalOnMissingBean
	MeteringGate threeScaleMeteringGate(MeteredServices services, ThreeScaleProperties properties,
			ObjectProvider<MeteringListener> listeners, ObjectProvider<Clock> clock) {
		return new MeteringGate(services, properties.metering(),
				new MeteringListeners(listeners.orderedStream().toList()), clock.getIfUnique(Clock::systemUTC));
	}

	private static CredentialsResolver credentials(ThreeScaleProperties properties,
			ObjectProvider<CredentialsResolver> own) {
		Stream<CredentialsResolver> stock = properties.credentials()
			.sources()
			.stream()
			.map((source) -> source.resolver(properties.credentials()));
		ApplicationCredentials shared = properties.anonymous().shared();
		List<CredentialsResolver> all = Stream.concat(own.orderedStream(), stock).collect(Collectors.toList());
		if (all.isEmpty()) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.credentials.sources' is empty and there is no CredentialsResolver bean.",
					"Name at least one of header, query, cookie, basic and bearer, or declare a CredentialsResolver.");
		}
		if (shared != null) {
			all.add((request) -> shared);
		}
		return CredentialsResolver.firstOf(all);
	}

}
