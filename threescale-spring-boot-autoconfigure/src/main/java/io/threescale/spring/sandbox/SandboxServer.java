package io.threescale.spring.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The HTTP side of the sandbox. It listens on loopback only, with a thread of its own.
 */
final class SandboxServer {

	private static final String LOOPBACK = "127.0.0.1";

	// Above what the backend refuses by itself, so that the refusal is the backend's.
	private static final int MAX_LINE = 64 * 1024;

	// As long as the real one keeps idle connections, and as silently.
	private static final Duration IDLE = Duration.ofSeconds(20);

	private static final Duration CLOSING = Duration.ofSeconds(5);

	private final LoopResources threads = LoopResources.create("threescale-sandbox", 1, true);

	private final SandboxBackend backend;

	private final SandboxPage page;

	private final DisposableServer server;

	SandboxServer(SandboxBackend backend, int port) {
		this.backend = backend;
		this.page = new SandboxPage(backend);
		this.server = bind(port);
	}

	private DisposableServer bind(int port) {
		try {
			return HttpServer.create()
				.host(LOOPBACK)
				.port(port)
				.runOn(this.threads, false)
				.idleTimeout(IDLE)
				.httpRequestDecoder((decoder) -> decoder.maxInitialLineLength(MAX_LINE).validateHeaders(false))
				.handle(this::handle)
				.bindNow();
		}
		catch (RuntimeException ex) {
			this.threads.dispose();
			throw new IllegalStateException(
					"The sandbox cannot listen on port " + port + ": choose another one, or 0 for one that is free",
					ex);
		}
	}

	int port() {
		return this.server.port();
	}

	void close() {
		this.server.disposeNow(CLOSING);
		this.threads.disposeLater(Duration.ZERO, CLOSING).block(CLOSING);
	}

	private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		return request.receive()
			.aggregate()
			.asByteArray()
			.defaultIfEmpty(new byte[0])
			.map((body) -> reply(read(request, body)))
			.flatMap((reply) -> send(reply, request, response));
	}

	private Reply reply(RawRequest request) {
		RawAnswer page = this.page.answer(request);
		return (page != null) ? Reply.of(page) : this.backend.receive(request);
	}

	private static RawRequest read(HttpServerRequest request, byte[] body) {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		request.requestHeaders()
			.forEach((header) -> headers.merge(header.getKey(), header.getValue(), (one, other) -> one + ", " + other));
		return RawRequest.of(request.method().name(), request.uri(), headers,
				new String(body, StandardCharsets.ISO_8859_1));
	}

	private static Mono<Void> send(Reply reply, HttpServerRequest request, HttpServerResponse response) {
		RawAnswer answer = reply.answer();
		if (answer == null) {
			request.withConnection((connection) -> connection.channel().close());
			return Mono.never();
		}
		Mono<Void> sent = Mono.defer(() -> write(answer, request, response));
		return reply.delay().isZero() ? sent : Mono.delay(reply.delay()).then(sent);
	}

	private static Mono<Void> write(RawAnswer answer, HttpServerRequest request, HttpServerResponse response) {
		byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
		response.status(answer.status());
		answer.headers().forEach(response::addHeader);
		if (answer.status() != 204) {
			response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
		}
		if (answer.close()) {
			response.keepAlive(false);
		}
		boolean empty = body.length == 0 || request.method().equals(HttpMethod.HEAD);
		return empty ? response.send() : response.sendByteArray(Mono.just(body)).then();
	}

}
