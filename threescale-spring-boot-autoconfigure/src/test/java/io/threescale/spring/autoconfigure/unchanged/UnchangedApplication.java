package io.threescale.spring.autoconfigure.unchanged;

import java.util.Arrays;
import java.util.List;

import jakarta.xml.bind.annotation.XmlRootElement;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * An application that knows nothing of 3scale.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ UnchangedApplication.Controller.class, UnchangedApplication.BoundController.class })
public class UnchangedApplication {

	public record Thing(String name, int size) {

	}

	@XmlRootElement(name = "thing")
	public static class Bound {

		public String name = "it";

	}

	@RestController
	static class Controller {

		private final ApplicationContext context;

		Controller(ApplicationContext context) {
			this.context = context;
		}

		@GetMapping("/thing")
		Thing thing() {
			return new Thing("it", 3);
		}

		@GetMapping("/things")
		List<Thing> things() {
			return List.of(new Thing("it", 3), new Thing("that", 4));
		}

		@PostMapping("/thing")
		Thing echo(@RequestBody Thing thing) {
			return thing;
		}

		@GetMapping("/text")
		String text() {
			return "text";
		}

		@GetMapping(path = "/xml-text", produces = "application/xml")
		String xmlText() {
			return "<thing/>";
		}

		@GetMapping("/problem")
		ProblemDetail problem() {
			return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "on purpose");
		}

		@GetMapping("/problem-exception")
		void problemException() {
			throw new ErrorResponseException(HttpStatus.GONE);
		}

		@GetMapping("/throws")
		void throwing() {
			throw new IllegalStateException("on purpose");
		}

		@GetMapping("/client-accept")
		String clientAccept() {
			RestClient.Builder builder = this.context.getBean(RestClient.Builder.class);
			StringBuilder accept = new StringBuilder();
			builder.requestInterceptor((request, body, execution) -> {
				accept.append(request.getHeaders().getAccept());
				return new MockClientHttpResponse(new byte[0], HttpStatus.NO_CONTENT);
			}).build().get().uri("http://localhost").retrieve().body(Thing.class);
			return accept.toString();
		}

		@GetMapping("/beans")
		List<String> beans() {
			return Arrays.stream(this.context.getBeanNamesForType(ObjectMapper.class)).toList();
		}

		@GetMapping("/converters")
		List<String> converters() {
			return this.context.getBean(RequestMappingHandlerAdapter.class)
				.getMessageConverters()
				.stream()
				.map((converter) -> converter.getClass().getName())
				.toList();
		}

	}

	@RestController
	static class BoundController {

		@GetMapping("/bound")
		Bound bound() {
			return new Bound();
		}

		@PostMapping("/bound")
		String read(@RequestBody Bound bound) {
			return bound.name;
		}

	}

}
