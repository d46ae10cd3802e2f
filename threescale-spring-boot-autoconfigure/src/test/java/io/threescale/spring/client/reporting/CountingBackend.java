package io.threescale.spring.client.reporting;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A 3scale that has every application, and only adds up what is reported.
 */
final class CountingBackend implements AutoCloseable {

	private final HttpServer server;

	private final AtomicLong units = new AtomicLong();

	private final AtomicInteger requests = new AtomicInteger();

	CountingBackend() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/transactions.xml", this::count);
		this.server.createContext("/transactions/authorize.xml", CountingBackend::grant);
		this.server.start();
	}

	private static void grant(HttpExchange exchange) throws IOException {
		byte[] answer = "<status><authorized>true</authorized><plan>p</plan></status>".getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/vnd.3scale-v2.0+xml");
		exchange.sendResponseHeaders(200, answer.length);
		exchange.getResponseBody().write(answer);
		exchange.close();
	}

	private void count(HttpExchange exchange) throws IOException {
		String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
		for (String pair : form.split("&")) {
			String[] parts = pair.split("=", 2);
			if (URLDecoder.decode(parts[0], StandardCharsets.UTF_8).contains("[usage]")) {
				this.units.addAndGet(Long.parseLong(parts[1]));
			}
		}
		this.requests.incrementAndGet();
		exchange.sendResponseHeaders(202, -1);
		exchange.close();
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	long units() {
		return this.units.get();
	}

	int requests() {
		return this.requests.get();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
