package io.threescale.spring.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.observation.ChatTokens;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that charges the tokens of chat
 * responses of Spring AI to the metered calls they are made for. Where nobody would tell
 * of the tokens, the start fails: they would be free in silence.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleMeteringAutoConfiguration.class)
@ConditionalOnBean(CurrentCalls.class)
@EnableConfigurationProperties(ThreeScaleAiProperties.class)
public final class ThreeScaleAiAutoConfiguration {

	private static void refuse(ThreeScaleAiProperties properties, String reason, String cure) {
		String property = properties.first();
		if (property != null) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + property + "' has no effect, as " + reason + ".", cure);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ChatModelObservationContext.class, ObservationRegistry.class })
	static class Chat {

		@Bean
		ChatTokens threeScaleChatTokens(ObjectProvider<MeteringGate> gate, CurrentCalls currentCalls,
				ThreeScaleAiProperties properties) {
			properties.verify();
			return new ChatTokens(SingletonSupplier.of(gate::getObject), currentCalls, properties.inputMetric(),
					properties.outputMetric());
		}

		@Bean
		SmartInitializingSingleton threeScaleChatObservationVerifier(ThreeScaleAiProperties properties,
				ObjectProvider<ObservationRegistry> registry) {
			return () -> {
				if (registry.getIfAvailable(() -> ObservationRegistry.NOOP).isNoop()) {
					refuse(properties, "nothing observes the calls of chat models",
							"Add 'spring-boot-starter-actuator', whose ObservationRegistry does.");
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ReactiveChat {

		ReactiveChat(ThreeScaleAiProperties properties, Environment environment) {
			if (!"auto".equalsIgnoreCase(environment.getProperty("spring.reactor.context-propagation"))) {
				refuse(properties, "a chat in a reactive chain cannot tell which call it belongs to",
						"Set 'spring.reactor.context-propagation' to 'auto'.");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.ai.chat.observation.ChatModelObservationContext")
	static class NoChat {

		NoChat(ThreeScaleAiProperties properties) {
			refuse(properties, "Spring AI is not there", "Add the starter of a chat model, or remove the property.");
		}

	}

}
