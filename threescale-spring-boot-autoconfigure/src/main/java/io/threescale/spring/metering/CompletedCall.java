package io.threescale.spring.metering;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * What came of a call.
 *
 * @param request the request, or {@code null} if the call was none
 * @param path the variables of the path
 * @param status the HTTP status answered, or what comes nearest to it
 * @param result what the handler returned to become the body; {@code null} if there is
 * none, it is a stream, or the call failed
 * @since 0.1.0
 */
public record CompletedCall(@Nullable HttpRequest request, Map<String, String> path, int status,
		@Nullable Object result) {

	/**
	 * Say what came of work that is no HTTP request.
	 * @param failed whether it failed
	 * @param result what it returned
	 * @return the call, with status 200 or 500
	 */
	public static CompletedCall ofWork(boolean failed, @Nullable Object result) {
		return new CompletedCall(null, Map.of(), failed ? 500 : 200, result);
	}

}
