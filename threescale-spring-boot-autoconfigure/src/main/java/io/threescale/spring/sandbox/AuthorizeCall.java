package io.threescale.spring.sandbox;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One of the four calls that ask for a decision, once its service and application are
 * known.
 *
 * @param operation the operation
 * @param parameters the parameters
 * @param extensions the extensions asked for
 * @param serviceId the id of the service
 * @param service the service
 * @param application the application
 * @param metrics the metrics of the service
 * @param time the time of the call
 */
record AuthorizeCall(SandboxOperation operation, Parameters parameters, Extensions extensions, String serviceId,
		SandboxService service, SandboxApplication application, MetricTree metrics, Instant time) {

	RequestedUsage usage() {
		return RequestedUsage.read(this.parameters.nested("usage"), this.metrics, this.extensions.flatUsage());
	}

	/** An application key is the one parameter the backend strips. */
	@Nullable String applicationKey() {
		String key = this.parameters.text("app_key");
		return (key != null) ? Parameters.strip(key) : null;
	}

	/** The name of the redirect parameter that is compared and echoed. */
	String redirectName() {
		return (this.parameters.text("redirect_url") == null && this.parameters.text("redirect_uri") != null)
				? "redirect_uri" : "redirect_url";
	}

	/** Leaves out the parameters, which carry keys. */
	@Override
	public String toString() {
		return "AuthorizeCall[" + this.operation + ", service=" + this.serviceId + "]";
	}

}
