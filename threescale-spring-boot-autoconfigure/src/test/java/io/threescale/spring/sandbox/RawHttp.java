package io.threescale.spring.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Sends requests exactly as they are, well-formed or not.
 */
final class RawHttp {

	private RawHttp() {
	}

	static Response send(int port, Request request) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(10_000);
			OutputStream out = socket.getOutputStream();
			out.write(request.head().getBytes(StandardCharsets.UTF_8));
			out.write(request.body());
			out.flush();
			InputStream in = new BufferedInputStream(socket.getInputStream());
			Response response = read(in, request);
			return (response.status() == 100) ? read(in, request) : response;
		}
	}

	private static Response read(InputStream in, Request request) throws IOException {
		String line = line(in);
		if (line.isEmpty()) {
			throw new IOException("The connection was closed without an answer");
		}
		int status = Integer.parseInt(line.split(" ")[1]);
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String header = line(in); !header.isEmpty(); header = line(in)) {
			headers.put(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 1).strip());
		}
		int length = request.method().equals("HEAD") ? 0
				: Integer.parseInt(headers.getOrDefault("content-length", "0"));
		String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
		boolean announced = "close".equals(headers.get("connection")) || request.version().equals("1.0");
		return new Response(status, headers, body, announced && in.read() < 0);
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
			line.append((char) c);
		}
		return line.toString().strip();
	}

	record Request(String method, String uri, String version, List<Map.Entry<String, String>> headers, byte[] body) {

		static Request get(String uri) {
			return new Request("GET", uri, "1.1", List.of(Map.entry("Host", "sandbox")), new byte[0]);
		}

		static Request post(String uri, String body) {
			return new Request("POST", uri, "1.1",
					List.of(Map.entry("Host", "sandbox"), Map.entry("Content-Length", "" + body.length())),
					body.getBytes(StandardCharsets.UTF_8));
		}

		Request withHeader(String name, String value) {
			return new Request(this.method, this.uri, this.version,
					Stream.concat(this.headers.stream(), Stream.of(Map.entry(name, value))).toList(), this.body);
		}

		String head() {
			StringBuilder head = new StringBuilder(this.method + " " + this.uri + " HTTP/" + this.version + "\r\n");
			this.headers.forEach((header) -> head.append(header.getKey() + ": " + header.getValue() + "\r\n"));
			return head.append("\r\n").toString();
		}

	}

	record Response(int status, Map<String, String> headers, String body, boolean closed) {
	}

}
