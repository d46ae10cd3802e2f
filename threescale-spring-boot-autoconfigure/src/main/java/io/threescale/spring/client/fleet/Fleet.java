package io.threescale.spring.client.fleet;

import io.threescale.spring.client.SteadyTime;
import org.jetbrains.annotations.ApiStatus;

import org.springframework.scheduling.TaskScheduler;

/**
 * Instances that share usage and limits. It knows no Redis, so that it can be named where
 * Redis is not on the class path.
 */
@ApiStatus.Internal
public interface Fleet {

	/**
	 * Make ready to take part for a service. Nothing is sent before usage is loaded.
	 * @param service the id of the service
	 * @param tasks runs what is to be done at intervals
	 * @param time tells how much time has passed
	 * @return what this instance has of the fleet
	 */
	Membership join(String service, TaskScheduler tasks, SteadyTime time);

}
