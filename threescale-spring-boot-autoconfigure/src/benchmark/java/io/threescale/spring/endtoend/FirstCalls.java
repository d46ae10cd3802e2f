package io.threescale.spring.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The first calls an application gets, all at the same time.
 *
 * @param millis how long the slowest took
 * @param failed how many were not answered with 200
 */
record FirstCalls(double millis, long failed) {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	static FirstCalls of(int port, List<String> keys, int callers) {
		long start = System.nanoTime();
		List<CompletableFuture<Integer>> calls = IntStream.range(0, callers)
			.mapToObj((i) -> HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metered"))
				.header("user-key", keys.get(i % keys.size()))
				.build())
			.map((request) -> CLIENT.sendAsync(request, BodyHandlers.discarding())
				.handle((answer, ex) -> (answer != null) ? answer.statusCode() : 0))
			.toList();
		long failed = calls.stream().map(CompletableFuture::join).filter((status) -> status != 200).count();
		return new FirstCalls((System.nanoTime() - start) / 1e6, failed);
	}

}
