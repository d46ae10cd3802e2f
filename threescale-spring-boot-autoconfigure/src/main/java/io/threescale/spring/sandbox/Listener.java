package io.threescale.spring.sandbox;

import java.time.Instant;
import java.util.Map;

import io.threescale.spring.ErrorCode;

/**
 * Answers requests the way the backend's listener does: finds the operation, reads its
 * parameters, and turns refusals into answers
 * ({@code 3scale/apisonator:lib/3scale/backend/listener.rb}).
 *
 * @param authorize answers the calls that ask for a decision
 * @param report answers reports
 */
record Listener(AuthorizeEndpoint authorize, ReportEndpoint report) {

	private static final int MAX_QUERY = 10 * 1024;

	private static final Map<String, String> PREFLIGHT = Map.of("access-control-max-age", "86400",
			"access-control-allow-methods", "GET, POST, PATCH, PUT, DELETE", "access-control-allow-headers",
			"Authorization, Accept-Encoding, Content-Type, Cache-Control, Accept, If-Match, If-Modified-Since, "
					+ "If-None-Match, If-Unmodified-Since, X-Requested-With, X-HTTP-Method-Override, 3scale-options");

	/** Answer what is no operation: probes, preflights and unknown paths. */
	static RawAnswer withoutOperation(RawRequest request) {
		boolean get = request.method().equals("GET") || request.method().equals("HEAD");
		if (request.method().equals("OPTIONS")) {
			return RawAnswer.of(204, "").withHeaders(PREFLIGHT).withoutContentType();
		}
		if (get && request.path().equals("/check.txt")) {
			return RawAnswer.of(200, "ok").withContentType("text/plain;charset=utf-8");
		}
		if (get && request.path().equals("/status")) {
			return RawAnswer.of(200, "{\"status\":\"ok\",\"version\":{\"backend\":\"3.4.3\"}}")
				.withContentType("application/json");
		}
		if (request.method().equals("HEAD") && request.path().equals("/available")) {
			return RawAnswer.of(200, "");
		}
		return RawAnswer.of(404, "").withHeader("x-cascade", "pass");
	}

	RawAnswer answer(SandboxOperation operation, RawRequest request, Instant now) {
		if (request.query().length() > MAX_QUERY) {
			return RawAnswer.bare(400, "", true);
		}
		boolean hidden = false;
		try {
			String options = request.header("3scale-options");
			Parameters query = ParameterReader.query(request.query());
			hidden = Extensions.of(options, query).noBody();
			checkContentType(operation, request);
			Parameters parameters = parameters(query, request);
			Extensions extensions = Extensions.of(options, parameters);
			return (operation == SandboxOperation.REPORT) ? this.report.answer(parameters, extensions, now)
					: this.authorize.answer(operation, parameters, extensions, now);
		}
		catch (Refusal ex) {
			return ex.answer(hidden);
		}
		catch (Halt ex) {
			return ex.answer();
		}
	}

	private static void checkContentType(SandboxOperation operation, RawRequest request) {
		String type = request.mediaType();
		if (operation == SandboxOperation.REPORT && !type.isEmpty() && !request.hasFormBody()
				&& !request.hasMultipartBody()) {
			throw new Refusal(400, ErrorCode.CONTENT_TYPE_INVALID, "invalid Content-Type: " + type);
		}
	}

	private static Parameters parameters(Parameters query, RawRequest request) {
		Parameters parameters = query;
		if (request.hasFormBody()) {
			parameters = query.and(ParameterReader.body(request.body()));
		}
		else if (request.hasMultipartBody()) {
			parameters = query.and(MultipartReader.read(request));
		}
		if (!ParameterReader.isUtf8(parameters)) {
			throw Refusal.notUtf8();
		}
		return parameters;
	}

}
