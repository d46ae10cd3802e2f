package io.threescale.spring.samples.host;

import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers in all the ways a controller can.
 */
@RestController
class ThingController {

	@GetMapping("/thing")
	Thing thing() {
		return new Thing("it", 3);
	}

	@GetMapping("/things")
	List<Thing> things() {
		return List.of(new Thing("it", 3), new Thing("that", 4));
	}

	@GetMapping("/person")
	Person person() {
		return new Person("Ada");
	}

	@GetMapping("/text")
	String text() {
		return "text";
	}

	@GetMapping(path = "/xml", produces = "application/xml")
	String xml() {
		return "<person><first-name>Ada</first-name></person>";
	}

	@GetMapping("/problem")
	ProblemDetail problem() {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "on purpose");
	}

	@GetMapping("/gone")
	void gone() {
		throw new ErrorResponseException(HttpStatus.GONE);
	}

	@GetMapping("/throws")
	void throwing() {
		throw new IllegalStateException("on purpose");
	}

	record Thing(String name, int size) {
	}

}
