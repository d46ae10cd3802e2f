package io.threescale.spring.soak;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.ToLongFunction;

import com.sun.management.UnixOperatingSystemMXBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What this process holds.
 *
 * @param heap the bytes that are left after a garbage collection
 * @param threads the number of threads
 * @param descriptors the number of open files and sockets
 */
record Footprint(long heap, int threads, long descriptors) {

	/** What may be more at the end than before, in objects that come and go. */
	private static final long HEAP_NOISE = 2 << 20;

	static Footprint take() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return new Footprint(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
				ManagementFactory.getThreadMXBean().getThreadCount(),
				((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
					.getOpenFileDescriptorCount());
	}

	/**
	 * Nothing grows: in the last third of a run each figure is at least once as low as at
	 * its height in the third before. The first third is for warming up.
	 */
	static void assertSteady(List<Footprint> all) {
		assertSteady(all, Footprint::heap, HEAP_NOISE);
		assertSteady(all, Footprint::threads, 0);
		assertSteady(all, Footprint::descriptors, 0);
	}

	private static void assertSteady(List<Footprint> all, ToLongFunction<Footprint> figure, long noise) {
		int third = all.size() / 3;
		long before = all.subList(third, 2 * third).stream().mapToLong(figure).max().orElseThrow();
		assertThat(all.subList(2 * third, all.size())).anyMatch((last) -> figure.applyAsLong(last) <= before + noise);
	}

	@Override
	public String toString() {
		return "heap %.1f MB, threads %d, descriptors %d".formatted(this.heap / 1048576.0, this.threads,
				this.descriptors);
	}

}
