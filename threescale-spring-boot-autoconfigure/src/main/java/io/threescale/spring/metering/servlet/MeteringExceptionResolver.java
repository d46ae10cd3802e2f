package io.threescale.spring.metering.servlet;

import java.io.IOException;

import io.threescale.spring.metering.problem.MeantExceptionHandlers;
import io.threescale.spring.metering.problem.MeteringException;
import io.threescale.spring.metering.problem.MeteringProblems;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.core.PriorityOrdered;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.RequestContextUtils;

/**
 * Answers a {@link MeteringException}, whatever kind of handler was called: with an
 * {@code @ExceptionHandler} of the application that is {@linkplain MeantExceptionHandlers
 * meant} for it, and else with problem details (RFC 9457). Comes before Spring's
 * resolvers, in which a handler for all exceptions would take it.
 *
 * @since 0.1.0
 */
public final class MeteringExceptionResolver implements HandlerExceptionResolver, PriorityOrdered {

	private static final Log logger = LogFactory.getLog(MeteringExceptionResolver.class);

	private final MeteringProblems problems;

	private final PerServlet<ApplicationExceptionHandlers> handlers;

	/**
	 * Create a resolver.
	 * @param problems makes the answers
	 * @param context has the exception handlers of the application
	 */
	public MeteringExceptionResolver(MeteringProblems problems, ApplicationContext context) {
		this.problems = problems;
		this.handlers = new PerServlet<>(context, ApplicationExceptionHandlers::new);
	}

	/**
	 * Before those of the application, which may claim the highest precedence as well.
	 */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception exception) {
		MeteringException refusal = MeteringProblems.find(exception);
		if (refusal == null || response.isCommitted()) {
			return null;
		}
		ModelAndView answer = this.handlers.of(request).resolveException(request, response, handler, refusal);
		return (answer != null) ? answer : answer(refusal, request, response);
	}

	private ModelAndView answer(MeteringException refusal, HttpServletRequest request, HttpServletResponse response) {
		byte[] body = this.problems.body(refusal, RequestContextUtils.getLocale(request), request.getRequestURI());
		response.setStatus(refusal.getStatusCode().value());
		ServletHeaders.write(refusal.getHeaders(), response);
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.setContentLength(body.length);
		try {
			response.getOutputStream().write(body);
		}
		catch (IOException ex) {
			logger.debug("The caller has left before the answer", ex);
		}
		return new ModelAndView();
	}

}
