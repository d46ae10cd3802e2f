package io.threescale.spring.test;

import io.threescale.spring.Authorization;
import io.threescale.spring.metering.ThreeScaleMetered;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A metered application that says nothing about 3scale in its configuration.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(SearchApplication.SearchController.class)
class SearchApplication {

	@RestController
	@ThreeScaleMetered
	static class SearchController {

		@GetMapping("/search")
		@ThreeScaleMetered("search")
		String search() {
			return "found";
		}

		@GetMapping("/plan")
		String plan(Authorization authorization) {
			return String.valueOf(authorization.plan());
		}

	}

}
