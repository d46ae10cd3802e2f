package io.threescale.spring.metering;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A metered call that may not go on, with the answer its caller is to get. An
 * {@code @ExceptionHandler} of the application may give another. The
 * {@linkplain ProblemDetail#getType() type} of the problem is stable; callers may rely on
 * it.
 *
 * @since 0.1.0
 */
public abstract sealed class MeteringException extends ErrorResponseException
		permits CredentialsMissingException, CallDeniedException, MeteringUnavailableException {

	MeteringException(HttpStatus status, String type, String title, String detail, @Nullable Throwable cause) {
		super(status, problem(status, type, title, detail), cause);
	}

	private static ProblemDetail problem(HttpStatus status, String type, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setType(URI.create("urn:threescale:problem:" + type));
		problem.setTitle(title);
		return problem;
	}

}
