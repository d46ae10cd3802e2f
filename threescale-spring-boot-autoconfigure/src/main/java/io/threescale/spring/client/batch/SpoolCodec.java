package io.threescale.spring.client.batch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.AppId;
import io.threescale.spring.ApplicationCredentials.UserKey;

/**
 * Writes usage as bytes that later versions can tell from theirs.
 */
final class SpoolCodec {

	private static final int VERSION = 1;

	private static final int USER_KEY = 1;

	private static final int APP_ID = 2;

	private static final int OAUTH_CLIENT = 3;

	private SpoolCodec() {
	}

	static byte[] encode(SpooledUsage usage) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeByte(VERSION);
			out.writeBoolean(usage.sending());
			out.writeByte(kind(usage.application()));
			writeText(out, Identity.value(usage.application()));
			writeText(out, usage.metric());
			out.writeLong(usage.units());
			out.writeLong(usage.minute().getEpochSecond());
			Integer code = usage.responseCode();
			out.writeShort((code != null) ? code : 0);
			out.writeBoolean(usage.flatUsage());
			out.writeLong(usage.since().toEpochMilli());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	static SpooledUsage decode(long id, byte[] bytes) throws IOException {
		DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
		int version = in.readByte();
		if (version != VERSION) {
			throw new IOException("It was written by another version of this library: " + version);
		}
		boolean sending = in.readBoolean();
		ApplicationCredentials application = application(in.readByte(), readText(in));
		String metric = readText(in);
		long units = in.readLong();
		Instant minute = Instant.ofEpochSecond(in.readLong());
		int code = in.readShort();
		boolean flatUsage = in.readBoolean();
		Instant since = Instant.ofEpochMilli(in.readLong());
		return new SpooledUsage(id, application, metric, units, minute, (code != 0) ? code : null, flatUsage, since,
				sending);
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

	private static int kind(ApplicationCredentials application) {
		if (application instanceof UserKey) {
			return USER_KEY;
		}
		return (application instanceof AppId) ? APP_ID : OAUTH_CLIENT;
	}

	private static ApplicationCredentials application(int kind, String value) throws IOException {
		return switch (kind) {
			case USER_KEY -> ApplicationCredentials.userKey(value);
			case APP_ID -> ApplicationCredentials.appId(value);
			case OAUTH_CLIENT -> ApplicationCredentials.oauthClient(value);
			default -> throw new IOException("It names credentials of an unknown kind: " + kind);
		};
	}

}
