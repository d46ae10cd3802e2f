package io.threescale.spring.metering.problem;

import java.util.List;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A call without credentials, or with half of them: 401 with a challenge for each place
 * they could be in.
 *
 * @since 0.1.0
 */
public final class CredentialsMissingException extends MeteringException {

	/**
	 * Create the exception.
	 * @param challenges the challenges; none for that of an API key
	 */
	public CredentialsMissingException(List<String> challenges) {
		super(HttpStatus.UNAUTHORIZED, new Problem("credentials-missing", "Credentials missing",
				"This call needs credentials; see the WWW-Authenticate header for where to put them."), null);
		List<String> all = challenges.isEmpty() ? List.of("APIKey") : challenges;
		getHeaders().addAll(HttpHeaders.WWW_AUTHENTICATE, all);
	}

}
