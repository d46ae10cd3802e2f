package io.threescale.spring.autoconfigure;

import java.time.Clock;

import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.event.LimitWatch;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the events that tell how far limits are used up.
 */
@Configuration(proxyBeanMethods = false)
class LimitEventsConfiguration {

	@Bean
	LimitWatch threeScaleLimitWatch(ThreeScaleProperties properties, ApplicationNames names,
			ApplicationEventPublisher events, @Qualifier("threeScaleClock") ObjectProvider<Clock> clock) {
		return new LimitWatch(properties.events().shares(), names, new BackgroundEventPublisher(events),
				clock.getIfAvailable(Clock::systemUTC));
	}

}
