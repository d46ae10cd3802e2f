package io.threescale.spring.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes events on threads that may wait: listeners may send mails, and neither a
 * caller nor an event loop is to wait for that.
 *
 * @param publisher publishes
 */
record BackgroundEventPublisher(ApplicationEventPublisher publisher) implements ApplicationEventPublisher {

	private static final Log logger = LogFactory.getLog(BackgroundEventPublisher.class);

	@Override
	public void publishEvent(Object event) {
		Schedulers.boundedElastic().schedule(() -> publish(event));
	}

	private void publish(Object event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.error("A listener of " + event.getClass().getSimpleName() + " failed.", ex);
		}
	}

}
