package io.threescale.spring.sandbox;

import java.io.IOException;

/**
 * Calls the service {@code 1001} of a sandbox with the token {@code st1}.
 *
 * @param sandbox the sandbox
 * @param credentials the parameters the application is named by
 */
record Caller(ThreeScaleSandbox sandbox, String credentials) {

	static Caller userKey(ThreeScaleSandbox sandbox, String userKey) {
		return new Caller(sandbox, "&user_key=" + userKey);
	}

	static Caller appId(ThreeScaleSandbox sandbox, String appId, String appKey) {
		return new Caller(sandbox, "&app_id=" + appId + "&app_key=" + appKey);
	}

	RawHttp.Response authorize(String parameters, String options) throws IOException {
		return get("authorize", parameters, options);
	}

	RawHttp.Response authrep(String parameters, String options) throws IOException {
		return get("authrep", parameters, options);
	}

	/** Count one of a metric, if that is granted. */
	RawHttp.Response authrep(String metric) throws IOException {
		return authrep("&usage[" + metric + "]=1", "rejection_reason_header=1&limit_headers=1");
	}

	private RawHttp.Response get(String operation, String parameters, String options) throws IOException {
		String uri = "/transactions/" + operation + ".xml?service_token=st1&service_id=1001" + this.credentials
				+ parameters;
		return RawHttp.send(this.sandbox.port(), RawHttp.Request.get(uri).withHeader("3scale-options", options));
	}

}
