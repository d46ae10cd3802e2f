package io.threescale.spring.client.reporting.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The file of a spool, readable by its owner only, as it names applications.
 */
final class SpoolFile {

	private static final String NAME = "usage.mv";

	/**
	 * Holds the version of the last commit and the number of entries: the store itself
	 * goes back to an older version, or does without a page, and says nothing.
	 */
	private static final String VERSION_NAME = "usage.version";

	private static final int VERSION_BYTES = 2 * Long.BYTES;

	private final Path path;

	private final Path versionPath;

	private @Nullable FileChannel version;

	SpoolFile(Path directory) {
		this.path = directory.resolve(NAME);
		this.versionPath = directory.resolve(VERSION_NAME);
	}

	Path path() {
		return this.path;
	}

	void create() {
		try {
			Path directory = this.path.toAbsolutePath().getParent();
			if (directory != null && !Files.isDirectory(directory)) {
				Files.createDirectories(directory, ownerOnly(directory, "rwx------"));
			}
			if (!exists()) {
				close();
				Files.deleteIfExists(this.versionPath);
				Files.createFile(this.path, ownerOnly(this.path, "rw-------"));
			}
		}
		catch (FileAlreadyExistsException ex) {
			// another process was faster; the lock decides between the two
		}
		catch (IOException ex) {
			throw new SpoolException("The spool " + this.path + " cannot be created: " + ex
					+ ". Give the application a directory it may write to", ex);
		}
	}

	private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
		boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
		return posix
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) }
				: new FileAttribute<?>[0];
	}

	boolean exists() {
		return Files.exists(this.path);
	}

	/**
	 * Note what a commit has left.
	 */
	void committed(long version, long entries) throws IOException {
		FileChannel channel = this.version;
		if (channel == null || !channel.isOpen()) {
			channel = FileChannel.open(this.versionPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			this.version = channel;
		}
		channel.write(ByteBuffer.allocate(VERSION_BYTES).putLong(version).putLong(entries).flip(), 0);
	}

	/**
	 * Fail if the file does not hold what was committed. What was delivered since an
	 * older version would be reported again.
	 */
	void requireCommitted(long version, long entries) throws IOException {
		if (!Files.exists(this.versionPath) || Files.size(this.versionPath) != VERSION_BYTES) {
			return;
		}
		ByteBuffer committed = ByteBuffer.wrap(Files.readAllBytes(this.versionPath));
		long committedVersion = committed.getLong();
		if (version < committedVersion || (version == committedVersion && entries != committed.getLong())) {
			throw new IOException(
					"It has " + entries + " entries of version " + version + ", which is not what was written");
		}
	}

	void close() {
		FileChannel channel = this.version;
		this.version = null;
		if (channel != null) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				// nothing was left to be written
			}
		}
	}

	/**
	 * Make way for a new file.
	 * @return where the old one is now
	 */
	Path moveAside() {
		Path aside = this.path.resolveSibling(NAME + ".damaged-" + Instant.now().toEpochMilli());
		try {
			Files.deleteIfExists(this.versionPath);
			return Files.move(this.path, aside);
		}
		catch (IOException ex) {
			throw new SpoolException("The spool " + this.path + " is damaged and cannot be moved aside", ex);
		}
	}

}
