package io.threescale.spring.client.reporting;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counters in a file that a process and its killer share, and that survive it.
 */
final class KillCounters {

	private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private final ByteBuffer memory;

	KillCounters(Path file) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			this.memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, Counter.values().length * Long.BYTES);
		}
	}

	void add(Counter counter, long amount) {
		LONG.getAndAdd(this.memory, counter.ordinal() * Long.BYTES, amount);
	}

	long get(Counter counter) {
		return (long) LONG.getVolatile(this.memory, counter.ordinal() * Long.BYTES);
	}

	enum Counter {

		/** Units handed to the client. */
		STARTED,

		/** Units the client has taken. */
		ACKNOWLEDGED,

		/** Units of ambiguous sends, of failures and of restarts. */
		AMBIGUOUS,

		/** Set when the process takes calls. */
		RUNNING,

		/** Units found in the spool, to be reported. */
		INHERITED

	}

}
