package io.threescale.spring.autoconfigure;

import io.threescale.spring.client.fleet.Fleet;
import io.threescale.spring.client.fleet.RedisFleet;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of what instances share through the
 * Redis that Spring Boot has connected. Where that is asked for and cannot be, the start
 * fails.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ThreeScaleBackendAutoConfiguration.class, before = ThreeScaleClientAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnBean(BackendFactory.class)
@EnableConfigurationProperties(ThreeScaleFleetProperties.class)
public final class ThreeScaleFleetAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "threescale.fleet.mode", havingValue = "redis")
	@ConditionalOnClass(ReactiveRedisConnectionFactory.class)
	static class Redis {

		@Bean
		@ConditionalOnMissingBean
		Fleet threeScaleFleet(ThreeScaleFleetProperties properties,
				ObjectProvider<ReactiveRedisConnectionFactory> connections) {
			String secret = properties.requiredSecret();
			ReactiveRedisConnectionFactory connection = connections.getIfAvailable();
			if (connection == null) {
				throw new InvalidThreeScaleConfigurationException(
						"Property 'threescale.fleet.mode' is 'redis', but no bean connects to a Redis.",
						"Add 'spring-boot-starter-data-redis' and set 'spring.data.redis.*', or define a "
								+ "LettuceConnectionFactory.");
			}
			return new RedisFleet(connection, properties.validKeyPrefix(), secret);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "threescale.fleet.mode", havingValue = "redis")
	@ConditionalOnMissingClass("org.springframework.data.redis.connection.ReactiveRedisConnectionFactory")
	static class NoRedis {

		@Bean
		Fleet threeScaleFleet() {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.fleet.mode' is 'redis', but Spring Data Redis is not on the classpath.",
					"Add 'spring-boot-starter-data-redis' to the dependencies of the application, or remove the "
							+ "property.");
		}

	}

}
