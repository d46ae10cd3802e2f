package io.threescale.spring.openapi;

import java.util.Map;

import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;

/**
 * An answer that any metered operation may give in place of its own. It stands once in
 * the document, and operations refer to it.
 */
enum ProblemResponse {

	CREDENTIALS_MISSING("401", "Credentials are missing", "WWW-Authenticate"),

	ACCESS_DENIED("403", "The credentials are not accepted, or the plan never allows the call"),

	LIMITS_EXCEEDED("429", "A limit of the plan is exceeded", "Retry-After", "RateLimit", "RateLimit-Policy"),

	METERING_UNAVAILABLE("503", "The call cannot be authorized at the moment");

	private final String status;

	private final String description;

	private final String[] headers;

	ProblemResponse(String status, String description, String... headers) {
		this.status = status;
		this.description = description;
		this.headers = headers;
	}

	String status() {
		return this.status;
	}

	/**
	 * Return the name among the components of the document.
	 */
	String component() {
		return "threescale-" + this.status;
	}

	ApiResponse reference() {
		return new ApiResponse().$ref("#/components/responses/" + component());
	}

	boolean isReferredToBy(Map<String, ApiResponse> responses) {
		ApiResponse response = responses.get(this.status);
		return response != null && reference().get$ref().equals(response.get$ref());
	}

	ApiResponse response() {
		ApiResponse response = new ApiResponse().description(this.description);
		for (String header : this.headers) {
			response.addHeaderObject(header, new Header().schema(schema("string")));
		}
		Schema<?> problem = schema("object").addProperty("type", schema("string").format("uri"))
			.addProperty("title", schema("string"))
			.addProperty("status", schema("integer"))
			.addProperty("detail", schema("string"));
		return response
			.content(new Content().addMediaType("application/problem+json", new MediaType().schema(problem)));
	}

	/** Versions 3.0 and 3.1 of OpenAPI have the type in different places. */
	private static Schema<?> schema(String type) {
		Schema<?> schema = new Schema<>().type(type);
		schema.addType(type);
		return schema;
	}

}
