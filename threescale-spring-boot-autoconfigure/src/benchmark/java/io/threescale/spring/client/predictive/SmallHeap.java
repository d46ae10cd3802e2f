package io.threescale.spring.client.predictive;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.client.AuthorizationRequest;

/**
 * Has ten times as many applications call as may be remembered, in a heap of 64 MB: each
 * is to be answered, and the last ones as quickly as the first.
 */
final class SmallHeap {

	private static final int APPLICATIONS = 200_000;

	private static final int REMEMBERED = 20_000;

	private static final int STEP = 20_000;

	private SmallHeap() {
	}

	public static void main(String[] args) {
		PredictingThreeScaleClient client = new StubBackend().predicting(REMEMBERED);
		long granted = 0;
		long start = System.nanoTime();
		for (int i = 1; i <= APPLICATIONS; i++) {
			Authorization authorization = client
				.authRep(AuthorizationRequest.of(ApplicationCredentials.userKey("key-of-application-" + i)))
				.block();
			granted += (authorization != null && authorization.isGranted()) ? 1 : 0;
			if (i % STEP == 0) {
				long now = System.nanoTime();
				System.out.printf("%,d of %,d granted, the last %,d in %,d ms%n", granted, i, STEP,
						(now - start) / 1_000_000);
				start = now;
			}
		}
	}

}
