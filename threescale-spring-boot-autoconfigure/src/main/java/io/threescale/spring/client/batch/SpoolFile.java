package io.threescale.spring.client.batch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * The file of a spool, readable by its owner only, as it names applications.
 */
final class SpoolFile {

	private static final String NAME = "usage.mv";

	private final Path path;

	SpoolFile(Path directory) {
		this.path = directory.resolve(NAME);
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
			if (!Files.exists(this.path)) {
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

	/**
	 * Make way for a new file.
	 * @return where the old one is now
	 */
	Path moveAside() {
		Path aside = this.path.resolveSibling(NAME + ".unreadable-" + Instant.now().toEpochMilli());
		try {
			return Files.move(this.path, aside);
		}
		catch (IOException ex) {
			throw new SpoolException("The spool " + this.path + " is unreadable and cannot be moved aside", ex);
		}
	}

}
