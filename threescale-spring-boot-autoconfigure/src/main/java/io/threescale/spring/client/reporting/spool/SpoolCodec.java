package io.threescale.spring.client.reporting.spool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.Kind;

/**
 * Writes usage as bytes that later versions can tell from theirs.
 *
 * @since 0.1.0
 */
public final class SpoolCodec {

	private static final int VERSION = 1;

	private static final int CHECK_SUM_BYTES = Integer.BYTES;

	private SpoolCodec() {
	}

	/**
	 * Write usage.
	 * @param usage what to write
	 * @return the bytes
	 */
	public static byte[] encode(SpooledUsage usage) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeByte(VERSION);
			out.writeBoolean(usage.sending());
			out.writeByte(usage.application().kind().ordinal() + 1);
			writeText(out, usage.application().value());
			writeText(out, usage.metric());
			out.writeLong(usage.units());
			out.writeLong(usage.minute().getEpochSecond());
			Integer code = usage.responseCode();
			out.writeShort((code != null) ? code : 0);
			out.writeBoolean(usage.flatUsage());
			out.writeLong(usage.since().toEpochMilli());
			Instant knownAt = usage.knownAt();
			out.writeLong((knownAt != null) ? knownAt.toEpochMilli() : 0);
			out.writeInt(checkSum(usage.id(), bytes.toByteArray(), bytes.size()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	/**
	 * Tell whether usage was written in a format that this version knows.
	 * @param bytes what was written
	 * @return {@code false} if another version of this library wrote it
	 */
	public static boolean isReadable(byte[] bytes) {
		return bytes.length > 0 && bytes[0] == VERSION;
	}

	/**
	 * Read usage that {@linkplain #isReadable is readable}.
	 * @param id the id under which it was written
	 * @param bytes what was written
	 * @return the usage
	 * @throws IOException if it is damaged
	 */
	public static SpooledUsage decode(long id, byte[] bytes) throws IOException {
		requireCheckSum(id, bytes);
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, Byte.BYTES, bytes.length));
		boolean sending = in.readBoolean();
		ApplicationCredentials application = application(in.readByte(), readText(in));
		String metric = readText(in);
		long units = in.readLong();
		Instant minute = Instant.ofEpochSecond(in.readLong());
		int code = in.readShort();
		boolean flatUsage = in.readBoolean();
		Instant since = Instant.ofEpochMilli(in.readLong());
		long knownAt = in.readLong();
		return new SpooledUsage(id, application, metric, units, minute, (code != 0) ? code : null, flatUsage, since,
				(knownAt != 0) ? Instant.ofEpochMilli(knownAt) : null, sending);
	}

	private static void requireCheckSum(long id, byte[] bytes) throws IOException {
		int length = bytes.length - CHECK_SUM_BYTES;
		if (length < 0 || ByteBuffer.wrap(bytes, length, CHECK_SUM_BYTES).getInt() != checkSum(id, bytes, length)) {
			throw new IOException("Its check sum is wrong");
		}
	}

	private static int checkSum(long id, byte[] bytes, int length) {
		CRC32C checkSum = new CRC32C();
		checkSum.update(ByteBuffer.allocate(Long.BYTES).putLong(id).flip());
		checkSum.update(bytes, 0, length);
		return (int) checkSum.getValue();
	}

	private static void writeText(DataOutputStream out, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static String readText(DataInputStream in) throws IOException {
		int length = in.readInt();
		if (length < 0 || length > in.available()) {
			throw new IOException("It is cut off");
		}
		return new String(in.readNBytes(length), StandardCharsets.UTF_8);
	}

	private static ApplicationCredentials application(int kind, String value) throws IOException {
		Kind[] kinds = Kind.values();
		if (kind < 1 || kind > kinds.length) {
			throw new IOException("It names credentials of an unknown kind: " + kind);
		}
		return kinds[kind - 1].identity(value);
	}

}
