package io.threescale.spring.metering.problem;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.context.MessageSource;
import org.springframework.http.ProblemDetail;

/**
 * What both web stacks have in common when they answer a {@link MeteringException}: which
 * exceptions are one, and the body that is sent if no exception handler of the
 * application answers it.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteringProblems {

	private final MessageSource messages;

	private final Function<Map<String, ?>, String> json;

	/**
	 * Create an instance.
	 * @param messages translates the problems
	 * @param json writes a JSON object; not one of the application's own converters,
	 * which may be without JSON
	 */
	public MeteringProblems(MessageSource messages, Function<Map<String, ?>, String> json) {
		this.messages = messages;
		this.json = json;
	}

	/**
	 * Find the refusal that an exception is. One that was thrown in another thread is
	 * found in what {@link java.util.concurrent} wraps it in.
	 * @param exception what was thrown
	 * @return the refusal, or {@code null} if the exception is of another kind
	 */
	public static @Nullable MeteringException find(@Nullable Throwable exception) {
		@Nullable Throwable found = exception;
		while (found instanceof CompletionException || found instanceof ExecutionException) {
			found = found.getCause();
		}
		return (found instanceof MeteringException refusal) ? refusal : null;
	}

	/**
	 * Return the body of the answer: problem details (RFC 9457), translated.
	 * @param refusal the refusal
	 * @param locale the locale of the caller
	 * @param path the path that was called
	 * @return the body, as {@code application/problem+json}
	 */
	public byte[] body(MeteringException refusal, Locale locale, String path) {
		ProblemDetail problem = refusal.updateAndGetBody(this.messages, locale);
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		members.put("type", problem.getType());
		members.put("title", problem.getTitle());
		members.put("status", problem.getStatus());
		members.put("detail", problem.getDetail());
		members.put("instance", (problem.getInstance() != null) ? problem.getInstance() : path);
		if (problem.getProperties() != null) {
			members.putAll(problem.getProperties());
		}
		members.values().removeIf((value) -> value == null);
		return this.json.apply(members).getBytes(StandardCharsets.UTF_8);
	}

}
