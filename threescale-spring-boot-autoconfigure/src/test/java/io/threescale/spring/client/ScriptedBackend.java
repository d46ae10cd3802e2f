package io.threescale.spring.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A backend that does to its connections what no HTTP server would. It counts every
 * request that arrives, however short.
 */
final class ScriptedBackend implements AutoCloseable {

	static final String GRANTED = answer(
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?><status><authorized>true</authorized><plan>p</plan></status>");

	private final ServerSocket server;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final Script script;

	/**
	 * What to do on a connection.
	 */
	interface Script {

		void run(int connection, Connection client) throws IOException;

	}

	ScriptedBackend(Script script) throws IOException {
		this.script = script;
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(this::accept, "scripted-backend");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() {
		try {
			for (int i = 1;; i++) {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				int connection = i;
				Thread thread = new Thread(() -> serve(connection, socket), "scripted-backend-" + i);
				thread.setDaemon(true);
				thread.start();
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void serve(int number, Socket socket) {
		try (socket) {
			this.script.run(number, new Connection(socket));
		}
		catch (IOException ex) {
			// the client has gone
		}
	}

	static String answer(String body) {
		return "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.3scale-v2.0+xml\r\nContent-Length: "
				+ body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
	}

	URI url() {
		return URI.create("http://127.0.0.1:" + this.server.getLocalPort());
	}

	int port() {
		return this.server.getLocalPort();
	}

	List<String> requests() {
		return this.requests;
	}

	int connections() {
		return this.sockets.size();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * The server's end of a connection.
	 */
	final class Connection {

		private final Socket socket;

		Connection(Socket socket) {
			this.socket = socket;
		}

		Socket socket() {
			return this.socket;
		}

		/**
		 * Read a request with its body.
		 * @return its head, or {@code null} if the client has closed the connection
		 */
		String read() throws IOException {
			InputStream in = this.socket.getInputStream();
			ByteArrayOutputStream head = new ByteArrayOutputStream();
			while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
				int next = in.read();
				if (next < 0) {
					return null;
				}
				head.write(next);
			}
			String request = head.toString(StandardCharsets.ISO_8859_1);
			ScriptedBackend.this.requests.add(request);
			for (String line : request.split("\r\n")) {
				if (line.toLowerCase().startsWith("content-length:")) {
					in.readNBytes(Integer.parseInt(line.substring(15).trim()));
				}
			}
			return request;
		}

		void write(String text) throws IOException {
			this.socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			this.socket.getOutputStream().flush();
		}

		/**
		 * Close the connection with a reset instead of a farewell.
		 */
		void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}

	}

}
