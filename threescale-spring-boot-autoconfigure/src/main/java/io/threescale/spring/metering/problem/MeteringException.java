package io.threescale.spring.metering.problem;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A metered call that may not go on, with the answer its caller is to get. An
 * {@code @ExceptionHandler} of the application may give another. The
 * {@linkplain ProblemDetail#getType() type} of the problem is stable; callers may rely on
 * it.
 * <p>
 * A {@link MessageSource} may give other texts, by codes that end with the name of the
 * type, such as {@code problemDetail.threescale.limits-exceeded} for the detail,
 * {@code problemDetail.title.threescale.limits-exceeded} for the title and
 * {@code problemDetail.type.threescale.limits-exceeded} for the type. Some types have
 * variants, whose code ends with their name and is asked for first, such as
 * {@code problemDetail.threescale.access-denied.user_key_invalid}.
 *
 * @since 0.1.0
 */
public abstract sealed class MeteringException extends ErrorResponseException
		permits CredentialsMissingException, CallDeniedException, MeteringUnavailableException {

	private static final String DETAIL = "problemDetail.";

	private static final String TITLE = "problemDetail.title.";

	private static final String TYPE = "problemDetail.type.";

	private final transient Problem problem;

	MeteringException(HttpStatus status, Problem problem, @Nullable Throwable cause) {
		super(status, problem.body(status), cause, problem.codes(DETAIL).get(0), problem.arguments().toArray());
		this.problem = problem;
	}

	/**
	 * Return the name of the problem.
	 * @return the last part of its type, such as {@code limits-exceeded}
	 */
	public String type() {
		return this.problem.type();
	}

	/**
	 * What the body tells.
	 *
	 * @param type the last part of the type
	 * @param variant the variant of the type, or {@code null} if there is none
	 * @param title the title
	 * @param detail the detail
	 * @param arguments the arguments of other texts for the detail
	 */
	record Problem(String type, @Nullable String variant, String title, String detail, List<Object> arguments) {

		Problem(String type, String title, String detail) {
			this(type, null, title, detail, List.of());
		}

		private ProblemDetail body(HttpStatus status) {
			ProblemDetail body = ProblemDetail.forStatusAndDetail(status, this.detail);
			body.setType(URI.create("urn:threescale:problem:" + this.type));
			body.setTitle(this.title);
			return body;
		}

		/** The nearest comes first. */
		private List<String> codes(String prefix) {
			String general = prefix + "threescale." + this.type;
			return (this.variant != null) ? List.of(general + "." + this.variant, general) : List.of(general);
		}

	}

	@Override
	public String getTypeMessageCode() {
		return this.problem.codes(TYPE).get(0);
	}

	@Override
	public String getTitleMessageCode() {
		return this.problem.codes(TITLE).get(0);
	}

	/**
	 * Put the texts of a message source in place of ours.
	 * @param messages where they are looked for
	 * @param locale the language of the caller
	 * @return the body
	 */
	@Override
	public ProblemDetail updateAndGetBody(@Nullable MessageSource messages, Locale locale) {
		if (messages != null) {
			Object[] arguments = getDetailMessageArguments(messages, locale);
			find(messages, TYPE, null, locale).map(URI::create).forEach(getBody()::setType);
			find(messages, TITLE, null, locale).forEach(getBody()::setTitle);
			find(messages, DETAIL, arguments, locale).forEach(getBody()::setDetail);
		}
		return getBody();
	}

	private Stream<String> find(MessageSource messages, String prefix, Object @Nullable [] arguments, Locale locale) {
		return this.problem.codes(prefix)
			.stream()
			.flatMap((code) -> Stream.ofNullable(messages.getMessage(code, arguments, null, locale)))
			.limit(1);
	}

}
