package io.threescale.spring.client.predictive;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.AuthorizationRequest;

/**
 * Measures what a million applications hold of the heap, after two calls each.
 */
final class ApplicationMemory {

	private static final int APPLICATIONS = 1_000_000;

	private ApplicationMemory() {
	}

	public static void main(String[] args) throws InterruptedException {
		PredictingThreeScaleClient client = new StubBackend().predicting(2L * APPLICATIONS);
		call(client, -1);
		long before = heap();
		for (int i = 0; i < APPLICATIONS; i++) {
			call(client, i);
			call(client, i);
		}
		long after = heap();
		long applications = client.statistics().applications() - 1;
		System.out.printf("%,d applications hold %,d B, %,d B each%n", applications, after - before,
				(after - before) / applications);
	}

	private static void call(PredictingThreeScaleClient client, int number) {
		client.authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("key-of-application-" + number))).block();
	}

	private static long heap() throws InterruptedException {
		for (int i = 0; i < 3; i++) {
			System.gc();
			Thread.sleep(500);
		}
		Runtime runtime = Runtime.getRuntime();
		return runtime.totalMemory() - runtime.freeMemory();
	}

}
