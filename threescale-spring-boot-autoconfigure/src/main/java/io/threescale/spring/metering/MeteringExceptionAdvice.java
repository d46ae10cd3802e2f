package io.threescale.spring.metering;

import java.util.Locale;

import org.springframework.context.MessageSource;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers calls that may not go on with problem details (RFC 9457). Comes last, so that
 * the application's own advice is asked first. Not final, as applications put aspects
 * around exception handlers.
 *
 * @since 0.1.0
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public class MeteringExceptionAdvice {

	private final MessageSource messages;

	/**
	 * Create the advice.
	 * @param messages translates the problems, by the codes of
	 * {@link MeteringException#getDetailMessageCode()} and its siblings
	 */
	public MeteringExceptionAdvice(MessageSource messages) {
		this.messages = messages;
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> answer(MeteringException ex, Locale locale) {
		return ResponseEntity.status(ex.getStatusCode())
			.headers(ex.getHeaders())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(ex.updateAndGetBody(this.messages, locale));
	}

}
