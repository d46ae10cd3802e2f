package io.threescale.spring.client.answer;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleException;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an answer means ({@code protocol.md} 5.4). The HTTP status decides, then
 * the code; the text of a body only where old backends leave no other way.
 *
 * @since 0.1.0
 */
public final class AnswerInterpreter {

	/** An answer that names no code, as happens only with an unreadable 409. */
	private static final ErrorCode UNKNOWN = new ErrorCode("unknown");

	private static final Map<String, ErrorCode> REASONS = Map.of("usage limits are exceeded", ErrorCode.LIMITS_EXCEEDED,
			"application key", ErrorCode.APPLICATION_KEY_INVALID, "application is not active",
			ErrorCode.APPLICATION_NOT_ACTIVE, "referrer", ErrorCode.REFERRER_NOT_ALLOWED, "service is not active",
			ErrorCode.SERVICE_NOT_ACTIVE, "oauth is not enabled", ErrorCode.OAUTH_NOT_ENABLED, "redirect_uri",
			ErrorCode.REDIRECT_URI_INVALID, "redirect_url", ErrorCode.REDIRECT_URL_INVALID);

	private static final Set<ErrorCode> UNKNOWN_CALLER = Set.of(ErrorCode.USER_KEY_INVALID,
			ErrorCode.APPLICATION_NOT_FOUND);

	/** How Envoy words that a connection broke, also after the request had left. */
	private static final String RESET_AFTER_SENDING = "disconnect/reset before headers";

	private final AnswerReader reader = new AnswerReader();

	/**
	 * Read the answer to an authorization.
	 * @param operation what was asked for
	 * @param usage what was asked about, for the message of a failure
	 * @param answer the answer
	 * @return the decision
	 * @throws ThreeScaleException if 3scale has not decided
	 */
	public Authorization authorization(Operation operation, Usage usage, Answer answer) {
		return switch (answer.status()) {
			case 200 -> granted(operation, answer);
			case 409 -> denied(operation, answer);
			default -> failed(operation, usage, answer);
		};
	}

	/**
	 * Read the answer to a report.
	 * @param answer the answer
	 * @throws ThreeScaleException if the report was not accepted
	 */
	public void accepted(Answer answer) {
		if (answer.status() != 202) {
			throw failure(Operation.REPORT, Usage.NONE, answer, this.reader.error(answer));
		}
	}

	/**
	 * Read an answer that decides nothing, just as the others are read.
	 * @param answer the answer
	 */
	public void ignored(Answer answer) {
		this.reader.error(answer);
	}

	private Authorization granted(Operation operation, Answer answer) {
		if (!answer.isXml()) {
			throw new ThreeScaleUnavailableException(
					"Something other than 3scale answered " + operation + " with status 200", operation.counts(), null);
		}
		return new Granted(this.reader.status(answer, this.reader.document(answer)));
	}

	private Authorization denied(Operation operation, Answer answer) {
		StatusDocument document = this.reader.document(answer);
		String reason = document.reason();
		ErrorCode code = code(answer.headers().getFirst(Answer.REJECTION_REASON), reason);
		if (code.equals(ErrorCode.OAUTH_NOT_ENABLED)) {
			throw misconfigured(operation, 409, code, Set.of());
		}
		return new Denied(code, masked(reason), this.reader.status(answer, document));
	}

	private static ErrorCode code(@Nullable String header, @Nullable String reason) {
		if (header != null && !header.isBlank()) {
			return new ErrorCode(header.trim());
		}
		if (reason == null) {
			return UNKNOWN;
		}
		return REASONS.entrySet()
			.stream()
			.filter((entry) -> reason.startsWith(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(UNKNOWN);
	}

	/**
	 * Hide what 3scale quotes of the caller's input, from the first quotation mark to the
	 * last.
	 */
	private static @Nullable String masked(@Nullable String reason) {
		return (reason != null) ? reason.replaceFirst("(?s)\"(.*\"|.*)", "\"****\"") : null;
	}

	private Authorization failed(Operation operation, Usage usage, Answer answer) {
		ErrorDocument error = this.reader.error(answer);
		if (error.code() != null) {
			ErrorCode code = new ErrorCode(error.code());
			if (UNKNOWN_CALLER.contains(code) && !error.missesCredentials()) {
				return new Denied(code, masked(error.text()), this.reader.status(answer, StatusDocument.EMPTY));
			}
		}
		throw failure(operation, usage, answer, error);
	}

	private static ThreeScaleException failure(Operation operation, Usage usage, Answer answer, ErrorDocument error) {
		int status = answer.status();
		ErrorCode code = (error.code() != null) ? new ErrorCode(error.code()) : null;
		boolean ours = (code != null) ? Misconfiguration.isKnown(code) : status >= 300 && status < 499;
		if (ours && status != 408 && status != 429) {
			return misconfigured(operation, status, code, named(usage, error));
		}
		return new ThreeScaleUnavailableException("3scale answered " + operation + " with status " + status,
				operation.counts() && mayHaveCounted(answer), null);
	}

	/**
	 * A 429 and a 503 come from a router that passed the request on to nobody, unless it
	 * says otherwise. What it says is not known if the body was cut off.
	 */
	private static boolean mayHaveCounted(Answer answer) {
		return switch (answer.status()) {
			case 429 -> false;
			case 503 -> !answer.isWhole() || answer.contains(RESET_AFTER_SENDING);
			default -> true;
		};
	}

	/**
	 * Return the metrics that an error may be about: those it quotes, or else all of the
	 * call. The text itself is not for logs.
	 */
	private static Set<String> named(Usage usage, ErrorDocument error) {
		Set<String> metrics = new TreeSet<>(usage.increments().keySet());
		metrics.addAll(usage.values().keySet());
		Set<String> quoted = new TreeSet<>(metrics);
		quoted.removeIf((metric) -> error.text() == null || !error.text().contains("\"" + metric + "\""));
		return quoted.isEmpty() ? metrics : quoted;
	}

	private static ThreeScaleException misconfigured(Operation operation, int status, @Nullable ErrorCode code,
			Set<String> metrics) {
		return new ThreeScaleMisconfiguredException(Misconfiguration.describe(operation, status, code, metrics), code);
	}

}
