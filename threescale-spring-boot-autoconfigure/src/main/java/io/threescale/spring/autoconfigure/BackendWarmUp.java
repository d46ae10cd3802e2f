package io.threescale.spring.autoconfigure;

import reactor.core.scheduler.Schedulers;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Builds the clients of the backend once the application is ready, so that the first
 * caller does not wait for it. The thread ends a while after.
 */
record BackendWarmUp(BackendFactory factory) implements ApplicationListener<ApplicationReadyEvent> {

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		Schedulers.boundedElastic().schedule(this.factory::warmUp);
	}

}
