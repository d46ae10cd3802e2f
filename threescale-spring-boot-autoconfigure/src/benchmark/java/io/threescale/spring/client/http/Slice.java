package io.threescale.spring.client.http;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * What was seen of one candidate in a short while.
 *
 * @param median the median time of a call, in nanoseconds
 * @param cpu the CPU time of the process for each call, the backend included
 * @param bytes what was allocated for each call, the backend included
 */
record Slice(double median, double cpu, double bytes) {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	static Slice of(Candidate candidate, ExecutorService threads, int callers, long millis)
			throws InterruptedException, ExecutionException {
		List<Callable<long[]>> tasks = new ArrayList<>();
		long cpu = SYSTEM.getProcessCpuTime();
		long bytes = allocated();
		long end = System.nanoTime() + millis * 1_000_000;
		for (int i = 0; i < callers; i++) {
			tasks.add(() -> call(candidate, end));
		}
		List<long[]> times = new ArrayList<>();
		for (Future<long[]> future : threads.invokeAll(tasks)) {
			times.add(future.get());
		}
		bytes = allocated() - bytes;
		cpu = SYSTEM.getProcessCpuTime() - cpu;
		long[] sorted = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
		return new Slice(sorted[sorted.length / 2], (double) cpu / sorted.length, (double) bytes / sorted.length);
	}

	private static long[] call(Candidate candidate, long end) {
		LongStream.Builder times = LongStream.builder();
		long now = System.nanoTime();
		do {
			candidate.call().run();
			long then = now;
			now = System.nanoTime();
			times.add(now - then);
		}
		while (now < end);
		return times.build().toArray();
	}

	private static long allocated() {
		return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())).filter((bytes) -> bytes > 0)
			.sum();
	}

}
