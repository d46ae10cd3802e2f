package io.threescale.spring.metering;

/**
 * Spring Boot's own problem details come before ours and must say the same.
 */
class ProblemDetailsAnswerTests extends AnswerTests {

	@Override
	String[] properties() {
		return new String[] { "threescale.rate-limit-headers=true", "spring.mvc.problemdetails.enabled=true" };
	}

}
