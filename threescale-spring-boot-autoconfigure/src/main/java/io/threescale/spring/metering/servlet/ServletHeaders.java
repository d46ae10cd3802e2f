package io.threescale.spring.metering.servlet;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;

/**
 * Writes headers into a response, instead of those that it has of the same names.
 */
final class ServletHeaders {

	private ServletHeaders() {
	}

	static void write(HttpHeaders headers, HttpServletResponse response) {
		headers.forEach((name, values) -> {
			response.setHeader(name, values.get(0));
			values.stream().skip(1).forEach((value) -> response.addHeader(name, value));
		});
	}

}
