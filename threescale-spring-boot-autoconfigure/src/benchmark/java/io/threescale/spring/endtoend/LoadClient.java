package io.threescale.spring.endtoend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Drives an endpoint over connections that stay open, on one thread and with next to no
 * work of its own: all answers of an endpoint are equally long.
 */
final class LoadClient implements AutoCloseable {

	private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

	private static final int SILENCE_MILLIS = 500;

	private static final int MAX_PARTS = 20;

	/** Where the status is in the first line of an answer. */
	private static final int STATUS = 9;

	private static final int SHOWN = 600;

	private final Selector selector = Selector.open();

	private final List<Connection> connections = new ArrayList<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

	LoadClient(int port, int connections) throws IOException {
		for (int i = 0; i < connections; i++) {
			SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
			channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			channel.configureBlocking(false);
			Connection connection = new Connection(channel);
			channel.register(this.selector, SelectionKey.OP_READ, connection);
			this.connections.add(connection);
		}
	}

	/**
	 * Prepare an endpoint: one request for each key, and how long the answers are.
	 */
	Endpoint endpoint(String path, List<String> keys) throws IOException {
		List<byte[]> requests = keys.stream()
			.map((key) -> "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nuser-key: " + key
					+ "\r\n\r\n")
			.map((request) -> request.getBytes(StandardCharsets.US_ASCII))
			.toList();
		Connection connection = this.connections.get(0);
		connection.send(requests.get(0), Integer.MAX_VALUE);
		int length = 0;
		boolean silent = false;
		for (int i = 0; i < MAX_PARTS && !(silent && length > 0); i++) {
			silent = this.selector.select(SILENCE_MILLIS) == 0;
			this.selector.selectedKeys().clear();
			length += connection.read();
		}
		connection.remaining = 0;
		return new Endpoint(path, requests, length);
	}

	/**
	 * Call an endpoint for some time.
	 * @param interval how often each connection calls, or zero for as often as it can
	 */
	Round run(Endpoint endpoint, Duration duration, Duration interval) throws IOException {
		long start = System.nanoTime();
		long end = start + duration.toNanos();
		long pause = interval.toNanos();
		Round round = new Round(duration);
		for (int i = 0; i < this.connections.size(); i++) {
			this.connections.get(i).due = start + pause * i / this.connections.size();
		}
		int open = 0;
		for (long now = start; now < end || open > 0; now = System.nanoTime()) {
			if (now > end + PATIENCE) {
				throw new IllegalStateException("Calls of " + endpoint.path() + " are not answered");
			}
			for (Connection connection : this.connections) {
				if (connection.remaining == 0 && connection.due <= now && now < end) {
					connection.send(endpoint.next(), endpoint.length());
					connection.due += pause;
					open++;
				}
			}
			this.selector.select(1);
			for (SelectionKey key : this.selector.selectedKeys()) {
				Connection connection = (Connection) key.attachment();
				connection.read();
				if (connection.remaining == 0) {
					long answered = System.nanoTime();
					round.answered(answered - connection.sent, answered <= end);
					open--;
				}
			}
			this.selector.selectedKeys().clear();
		}
		return round;
	}

	@Override
	public void close() throws IOException {
		for (Connection connection : this.connections) {
			connection.channel.close();
		}
		this.selector.close();
	}

	/**
	 * What is called: the requests take turns.
	 */
	static final class Endpoint {

		private final String path;

		private final List<byte[]> requests;

		private final int length;

		private int turn;

		Endpoint(String path, List<byte[]> requests, int length) {
			this.path = path;
			this.requests = requests;
			this.length = length;
		}

		String path() {
			return this.path;
		}

		int length() {
			return this.length;
		}

		byte[] next() {
			this.turn = (this.turn + 1) % this.requests.size();
			return this.requests.get(this.turn);
		}

	}

	private final class Connection {

		private final SocketChannel channel;

		private int remaining;

		private long sent;

		private long due;

		private boolean begun;

		Connection(SocketChannel channel) {
			this.channel = channel;
		}

		void send(byte[] request, int expected) throws IOException {
			this.remaining = expected;
			this.begun = false;
			this.sent = System.nanoTime();
			if (this.channel.write(ByteBuffer.wrap(request)) != request.length) {
				throw new IOException("A request did not go out at once");
			}
		}

		int read() throws IOException {
			ByteBuffer buffer = LoadClient.this.buffer.clear();
			int length = this.channel.read(buffer);
			boolean begins = length > 0 && !this.begun;
			if (length < 0 || length > this.remaining || (begins && buffer.get(STATUS) != '2')) {
				byte[] start = new byte[Math.min(SHOWN, Math.max(0, length))];
				buffer.get(0, start);
				throw new IOException("An answer is not what it was before: " + length + " of " + this.remaining + ", "
						+ new String(start, StandardCharsets.ISO_8859_1));
			}
			this.begun |= begins;
			this.remaining = (this.remaining == Integer.MAX_VALUE) ? this.remaining : this.remaining - length;
			return length;
		}

	}

	/**
	 * What became of the calls of one round.
	 */
	static final class Round {

		private static final int BUCKETS_PER_MICRO = 5;

		private final int[] latencies = new int[500_000];

		private final Duration duration;

		private int calls;

		private int inTime;

		Round(Duration duration) {
			this.duration = duration;
		}

		void answered(long nanos, boolean inTime) {
			this.calls++;
			this.inTime += inTime ? 1 : 0;
			this.latencies[(int) Math.min(this.latencies.length - 1, nanos * BUCKETS_PER_MICRO / 1000)]++;
		}

		int calls() {
			return this.calls;
		}

		double callsPerSecond() {
			return this.inTime * 1e9 / this.duration.toNanos();
		}

		double p50Micros() {
			int bucket = 0;
			for (int seen = this.latencies[0]; seen < this.calls / 2; seen += this.latencies[bucket]) {
				bucket++;
			}
			return (double) bucket / BUCKETS_PER_MICRO;
		}

	}

}
