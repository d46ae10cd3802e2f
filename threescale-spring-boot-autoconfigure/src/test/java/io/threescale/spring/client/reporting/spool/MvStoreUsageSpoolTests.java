package io.threescale.spring.client.reporting.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class MvStoreUsageSpoolTests {

	private static final Instant MINUTE = Instant.parse("2026-11-23T03:04:00Z");

	@TempDir
	private Path directory;

	@AfterEach
	void freeTheDisk() {
		FullDisk.full(false);
	}

	@Test
	void keepsEverythingButKeysOfApplications() {
		List<SpooledUsage> written = Stream
			.of(ApplicationCredentials.userKey("key"), ApplicationCredentials.appId("id"),
					ApplicationCredentials.oauthClient("client"))
			.map((application) -> new SpooledUsage(application.hashCode(), application, "hits", 7, MINUTE, 200, true,
					MINUTE.plusMillis(3), MINUTE, true))
			.toList();
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			spool.write(written, List.of());
		}
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			assertThat(spool.load()).containsExactlyInAnyOrderElementsOf(written);
			spool.write(List.of(usage(1)), List.of(written.get(0).id(), 4711L));
			assertThat(spool.load()).hasSize(3).doesNotContain(written.get(0));
		}
	}

	@Test
	void onlyTheOwnerMayReadIt() throws IOException {
		Path spoolDirectory = this.directory.resolve("new/spool");
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(spoolDirectory)) {
			spool.write(List.of(usage(1)), List.of());
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spoolDirectory)))
				.isEqualTo("rwx------");
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(spoolDirectory))))
				.isEqualTo("rw-------");
		}
	}

	@Test
	void aSecondOwnerIsRefused() {
		MvStoreUsageSpool first = MvStoreUsageSpool.open(this.directory);
		assertThatExceptionOfType(SpoolException.class).isThrownBy(() -> MvStoreUsageSpool.open(this.directory))
			.withMessageContaining("used by another process");
		first.write(List.of(usage(1)), List.of());
		first.close();
		try (MvStoreUsageSpool next = MvStoreUsageSpool.open(this.directory)) {
			assertThat(next.load()).hasSize(1);
		}
	}

	@Test
	void aTornTailCostsTheLastWriteOnly() throws IOException {
		Path copy = this.directory.resolve("copy");
		Files.createDirectories(copy);
		long size;
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			spool.write(List.of(usage(1)), List.of());
			size = Files.size(file(this.directory));
			spool.write(List.of(usage(2)), List.of());
			Files.copy(file(this.directory), file(copy));
		}
		try (RandomAccessFile torn = new RandomAccessFile(file(copy).toFile(), "rw")) {
			assertThat(torn.length()).isGreaterThan(size);
			torn.setLength(torn.length() - 100);
		}
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(copy)) {
			assertThat(spool.load()).containsExactly(usage(1));
		}
	}

	@Test
	void anUnreadableFileIsMovedAside(CapturedOutput output) throws IOException {
		Files.writeString(file(this.directory), "this is not a store".repeat(1000));
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			assertThat(spool.load()).isEmpty();
			spool.write(List.of(usage(1)), List.of());
		}
		assertThat(output).contains("The spool was damaged");
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).anyMatch((file) -> file.toString().contains("damaged"));
		}
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			assertThat(spool.load()).hasSize(1);
		}
	}

	@Test
	void damageInTheMiddleIsFoundAtTheStart(CapturedOutput output) throws IOException {
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			spool.write(LongStream.range(0, 5000).mapToObj(MvStoreUsageSpoolTests::usage).toList(), List.of());
		}
		try (RandomAccessFile file = new RandomAccessFile(file(this.directory).toFile(), "rw")) {
			for (long at = 3 * 4096; at < file.length() - 4096; at += 512) {
				file.seek(at);
				file.write(new byte[256]);
			}
		}
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			assertThat(spool.load()).hasSizeLessThan(5000);
		}
		assertThat(output).contains("The spool was damaged");
	}

	@Test
	void aDirectoryThatCannotBeWrittenIsRefused() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		assertThatExceptionOfType(SpoolException.class).isThrownBy(() -> MvStoreUsageSpool.open(file.resolve("spool")))
			.withMessageContaining("cannot be created");
	}

	@Test
	void aFullDiskFailsTheWriteAndIsUsedAgainLater() {
		FullDisk.register();
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory, FullDisk.SCHEME)) {
			spool.write(List.of(usage(1)), List.of());
			FullDisk.full(true);
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(SpoolException.class)
					.isThrownBy(() -> spool.write(List.of(usage(2)), List.of(1L)));
			}
			FullDisk.full(false);
			spool.write(List.of(usage(3)), List.of());
			assertThat(spool.load()).containsExactlyInAnyOrder(usage(1), usage(3));
		}
	}

	/**
	 * The caller takes it for not written, and would never remove it.
	 */
	@Test
	void aWriteThatFailsAfterItIsOnTheDiskIsUndone() throws IOException {
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			Path version = Files.createDirectory(this.directory.resolve("usage.version"));
			for (int i = 1; i < 4; i++) {
				SpooledUsage usage = usage(i);
				assertThatExceptionOfType(SpoolException.class)
					.isThrownBy(() -> spool.write(List.of(usage), List.of()));
			}
			Files.delete(version);
			spool.write(List.of(usage(4)), List.of());
		}
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			assertThat(spool.load()).containsExactly(usage(4));
		}
	}

	/**
	 * What is delivered is removed by the last write; an older state would bring it back.
	 */
	@Test
	void whateverTheDamageTheStartGoesOnAndNothingDeliveredComesBack(CapturedOutput output) throws IOException {
		Path original = this.directory.resolve("original");
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(original)) {
			spool.write(LongStream.range(0, 200).mapToObj(MvStoreUsageSpoolTests::usage).toList(), List.of());
			spool.write(List.of(usage(1_000)), LongStream.range(0, 100).boxed().toList());
			copy(original, this.directory.resolve("copy"));
		}
		Set<SpooledUsage> left = Stream.concat(LongStream.range(100, 200).boxed(), Stream.of(1_000L))
			.map(MvStoreUsageSpoolTests::usage)
			.collect(Collectors.toSet());
		Random random = new Random(1);
		int moved = 0;
		for (int i = 0; i < 300; i++) {
			Path damaged = this.directory.resolve("damaged" + i);
			copy(this.directory.resolve("copy"), damaged);
			damage(file(damaged), random, i % 3 == 0);
			try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(damaged)) {
				List<SpooledUsage> loaded = spool.load();
				assertThat(left).as("damage %s", i).containsAll(loaded);
				boolean aside = hasDamagedFile(damaged);
				moved += aside ? 1 : 0;
				assertThat(loaded.size()).as("damage %s", i).isEqualTo(aside ? 0 : left.size());
				spool.write(List.of(usage(1)), List.of());
			}
		}
		assertThat(moved).isGreaterThan(100);
		assertThat(output).contains("The spool was damaged");
	}

	private static void copy(Path from, Path to) throws IOException {
		Files.createDirectories(to);
		try (Stream<Path> files = Files.list(from)) {
			for (Path each : files.toList()) {
				Files.copy(each, to.resolve(each.getFileName()));
			}
		}
	}

	private static void damage(Path path, Random random, boolean truncate) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
			if (truncate) {
				file.setLength(random.nextLong(file.length()));
				return;
			}
			for (int i = 1 + random.nextInt(20); i > 0; i--) {
				file.seek(random.nextLong(file.length()));
				file.write(random.nextInt(256));
			}
		}
	}

	private static boolean hasDamagedFile(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.anyMatch((file) -> file.toString().contains("damaged-"));
		}
	}

	@Test
	void shrinksWhenItIsClosed() throws IOException {
		try (MvStoreUsageSpool spool = MvStoreUsageSpool.open(this.directory)) {
			for (long i = 0; i < 2_000; i++) {
				spool.write(List.of(usage(i)), List.of(i - 100));
			}
		}
		assertThat(Files.size(file(this.directory))).isLessThan(4 * 1024 * 1024);
	}

	private static Path file(Path directory) {
		return directory.resolve("usage.mv");
	}

	private static SpooledUsage usage(long id) {
		return new SpooledUsage(id, ApplicationCredentials.userKey("key" + id), "hits", id + 1, MINUTE, null, false,
				MINUTE, null, false);
	}

}
