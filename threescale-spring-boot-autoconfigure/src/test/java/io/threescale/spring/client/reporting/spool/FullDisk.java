package io.threescale.spring.client.reporting.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;

import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system in which there is sometimes no space left.
 */
public final class FullDisk extends FilePathWrapper {

	static final String SCHEME = "fulldisk:";

	private static volatile boolean full;

	public static void full(boolean full) {
		FullDisk.full = full;
	}

	/**
	 * Open a spool on this disk.
	 */
	public static MvStoreUsageSpool spool(Path directory) {
		register();
		return MvStoreUsageSpool.open(directory, SCHEME);
	}

	static void register() {
		FilePath.register(new FullDisk());
	}

	@Override
	public String getScheme() {
		return "fulldisk";
	}

	@Override
	public FileChannel open(String mode) throws IOException {
		return new Channel(getBase().open(mode));
	}

	private static final class Channel extends FileBaseDefault {

		private final FileChannel base;

		private Channel(FileChannel base) {
			this.base = base;
		}

		@Override
		public int write(ByteBuffer source, long position) throws IOException {
			if (FullDisk.full) {
				throw new IOException("No space left on device");
			}
			return this.base.write(source, position);
		}

		@Override
		public int read(ByteBuffer target, long position) throws IOException {
			return this.base.read(target, position);
		}

		@Override
		public long size() throws IOException {
			return this.base.size();
		}

		@Override
		protected void implTruncate(long size) throws IOException {
			this.base.truncate(size);
		}

		@Override
		public void force(boolean metaData) throws IOException {
			this.base.force(metaData);
		}

		@Override
		public FileLock tryLock(long position, long size, boolean shared) throws IOException {
			return this.base.tryLock(position, size, shared);
		}

		@Override
		protected void implCloseChannel() throws IOException {
			this.base.close();
		}

	}

}
