package io.threescale.spring.samples.reactive;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * An API of a language model that bills by tokens, with a 3scale of its own.
 */
@SpringBootApplication
class ReactiveApplication {

	public static void main(String[] args) {
		SpringApplication.run(ReactiveApplication.class, args);
	}

	/**
	 * Nobody can annotate a route; a rule in application.yml meters it.
	 */
	@Bean
	RouterFunction<ServerResponse> models() {
		return RouterFunctions.route()
			.GET("/models/{name}", (request) -> ServerResponse.ok().bodyValue(request.pathVariable("name")))
			.build();
	}

}
