package io.threescale.spring.autoconfigure;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Builds the connections to the backend once the application is ready, so that the first
 * caller does not wait for it. The thread ends when that is done.
 */
record BackendWarmUp(BackendFactory factory) implements ApplicationListener<ApplicationReadyEvent> {

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		Thread thread = new Thread(this.factory::backend, "threescale-warm-up");
		thread.setDaemon(true);
		thread.start();
	}

}
