package io.threescale.spring.client.http;

import java.net.URI;

import io.netty.buffer.Unpooled;
import io.threescale.spring.client.RecordedExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * Answers every call with what a 3scale once answered, as fast as it can be written.
 */
public final class LoopbackBackend {

	private static final byte[] BODY = RecordedExchange.named("authrep-ok-all-periods").answer().body();

	private final LoopResources loops = LoopResources.create("backend", 1, true);

	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.runOn(this.loops)
		.handle(LoopbackBackend::answer)
		.bindNow();

	private static Flux<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		String options = request.requestHeaders().get("3scale-options", "");
		response.header("Content-Type", "application/vnd.3scale-v2.0+xml")
			.header("access-control-allow-origin", "*")
			.header("access-control-expose-headers", "ETag, Link, 3scale-rejection-reason")
			.header("content-security-policy", "default-src 'self'")
			.header("x-content-type-options", "nosniff");
		if (options.contains("limit_headers")) {
			response.header("3scale-limit-remaining", "999")
				.header("3scale-limit-reset", "25")
				.header("3scale-limit-max-value", "1000");
		}
		byte[] body = options.contains("no_body") ? new byte[0] : BODY;
		response.header("Content-Length", Integer.toString(body.length));
		return Flux.from(response.sendObject(Mono.just(Unpooled.wrappedBuffer(body))));
	}

	public URI url() {
		return URI.create("http://127.0.0.1:" + this.server.port());
	}

	public void close() {
		this.server.disposeNow();
		this.loops.dispose();
	}

}
