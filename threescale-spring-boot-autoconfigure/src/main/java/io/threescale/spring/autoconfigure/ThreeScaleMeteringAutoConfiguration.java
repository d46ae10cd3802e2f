package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.UsageResolver;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the decision about metered calls, for any web stack.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleClientAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "threescale.enabled", matchIfMissing = true)
@ConditionalOnBean(ReactiveThreeScaleClient.class)
public final class ThreeScaleMeteringAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	UsageResolver threeScaleUsageResolver(ConfigurableBeanFactory beanFactory) {
		return UsageResolver.annotations(new EmbeddedValueResolver(beanFactory));
	}

	@Bean
	@ConditionalOnMissingBean
	MeteringGate threeScaleMeteringGate(ReactiveThreeScaleClient client, ThreeScaleProperties properties,
			ObjectProvider<CredentialsResolver> resolvers, ObjectProvider<MeteringListener> listeners,
			ObjectProvider<Clock> clock) {
		List<MeteringListener> all = listeners.orderedStream().toList();
		return new MeteringGate(client, credentials(properties.credentials(), resolvers), properties.metering(),
				(operation, outcome, code) -> all.forEach((listener) -> listener.decided(operation, outcome, code)),
				clock.getIfUnique(Clock::systemUTC));
	}

	private static CredentialsResolver credentials(ThreeScaleProperties.Credentials credentials,
			ObjectProvider<CredentialsResolver> own) {
		Stream<CredentialsResolver> stock = credentials.sources()
			.stream()
			.map((source) -> source.resolver(credentials));
		List<CredentialsResolver> all = Stream.concat(own.orderedStream(), stock).toList();
		if (all.isEmpty()) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.credentials.sources' is empty and there is no CredentialsResolver bean.",
					"Name at least one of header, query, cookie, basic and bearer, or declare a CredentialsResolver.");
		}
		return CredentialsResolver.firstOf(all);
	}

}
