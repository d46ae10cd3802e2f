package io.threescale.spring.security;

import java.security.Principal;
import java.util.concurrent.Callable;

import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.ThreeScaleMetered;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * An API behind Spring Security, without the filter chain. Registers it as Spring Boot
 * does, whose own module would secure the applications of all other tests too.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSecurity
@Import(SecuredApi.Controller.class)
class SecuredApi {

	@Bean
	DelegatingFilterProxyRegistrationBean securityFilter() {
		DelegatingFilterProxyRegistrationBean filter = new DelegatingFilterProxyRegistrationBean(
				"springSecurityFilterChain");
		filter.setOrder(-100);
		filter.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR,
				DispatcherType.FORWARD, DispatcherType.INCLUDE);
		return filter;
	}

	@Bean
	RouterFunction<ServerResponse> functional() {
		return RouterFunctions.route()
			.GET("/functional/{word}", (request) -> ServerResponse.ok().body(request.pathVariable("word")))
			.build();
	}

	@RestController
	static class Controller {

		@GetMapping({ "/hello", "/basic", "/premium" })
		@ThreeScaleMetered
		String hello() {
			return "hello";
		}

		@PostMapping("/hello")
		@ThreeScaleMetered
		String post() {
			return "posted";
		}

		@GetMapping("/who")
		@ThreeScaleMetered
		String who(Authentication authentication) {
			return describe(authentication);
		}

		@GetMapping("/details")
		@ThreeScaleMetered
		String details(ThreeScaleAuthentication authentication, HttpServletRequest request) {
			return authentication.getDetails().plan() + " " + authentication.getCredentials() + " "
					+ request.getSession(false) + " " + request.getUserPrincipal().getName();
		}

		@GetMapping("/free")
		String free(Principal principal) {
			return String.valueOf(principal);
		}

		@GetMapping("/async/{units}")
		@ThreeScaleMetered("tokens")
		Callable<String> async(@PathVariable long units, MeteredCall call, Authentication authentication) {
			return () -> {
				call.add("tokens", units);
				return describe(authentication);
			};
		}

		@GetMapping(path = "/failing", produces = "text/plain")
		@ThreeScaleMetered(chargeOn = "success")
		String failing(HttpServletResponse response) {
			throw new IllegalStateException("The handler fails");
		}

		@GetMapping(path = "/text", produces = "text/plain")
		@ThreeScaleMetered
		String text() {
			return "text";
		}

		@GetMapping({ "/premium-on-success", "/hello-on-success" })
		@ThreeScaleMetered(chargeOn = "success")
		String onSuccess() {
			return "hello";
		}

		@GetMapping("/premium-on-refusal")
		@ThreeScaleMetered(chargeOn = "403")
		String onRefusal() {
			return "hello";
		}

		private static String describe(Authentication authentication) {
			return authentication.getClass().getSimpleName() + " " + authentication.getName() + " "
					+ AuthorityUtils.authorityListToSet(authentication.getAuthorities());
		}

	}

}
