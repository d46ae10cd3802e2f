package io.threescale.spring.client.predictive;

import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import org.jetbrains.annotations.ApiStatus;

/**
 * How the instances of a fleet tell each other of applications of which 3scale says
 * something else than before: it denies a key that it has let in, or shows another plan.
 */
@ApiStatus.Internal
public interface Changes {

	/**
	 * Tell all other instances of a change. This returns at once; they hear of it within
	 * seconds.
	 * @param application the identity of the application
	 */
	void tell(ApplicationCredentials application);

	/**
	 * Hear of the changes that other instances tell of. It may be told of one twice.
	 * @param listener told of the identity of the application
	 */
	void listen(Consumer<ApplicationCredentials> listener);

	/**
	 * Return those of an instance that is alone.
	 * @return changes that nobody hears of
	 */
	static Changes none() {
		return new Changes() {

			@Override
			public void tell(ApplicationCredentials application) {
			}

			@Override
			public void listen(Consumer<ApplicationCredentials> listener) {
			}

		};
	}

}
