package io.threescale.spring.client.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;

/**
 * Compares calls that wait for 3scale with the bare GET they are made of. All take turns
 * in short slices, and each is compared with the bare GET of its own round, as the
 * machine is not alike for long.
 */
final class StrictLoad {

	private static final int WARM_UP = Integer.getInteger("warmUp", 8);

	private static final int ROUNDS = Integer.getInteger("rounds", 30);

	private static final long MILLIS = Long.getLong("millis", 300);

	private static final int MAX_CALLERS = 64;

	private static final int[] CALLERS = { 1, 8, MAX_CALLERS };

	private StrictLoad() {
	}

	public static void main(String[] args) throws InterruptedException, ExecutionException {
		LoopbackBackend backend = new LoopbackBackend();
		ExecutorService threads = Executors.newFixedThreadPool(MAX_CALLERS, (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		});
		List<Candidate> candidates = Candidate.all(backend.url());
		Slice.of(candidates.get(0), threads, MAX_CALLERS, MILLIS);
		for (int callers : CALLERS) {
			Map<Candidate, List<Slice>> slices = run(candidates, threads, callers);
			System.out.printf("%n%d callers, %d rounds of %d ms%n", callers, ROUNDS, MILLIS);
			System.out.printf("%-22s %8s %22s %16s %14s%n", "", "p50 us", "p50 ratio (quartiles)", "more CPU us", "more B");
			slices.forEach((candidate, own) -> print(candidate, own, slices.get(candidates.get(0))));
		}
		backend.close();
	}

	private static Map<Candidate, List<Slice>> run(List<Candidate> candidates, ExecutorService threads, int callers)
			throws InterruptedException, ExecutionException {
		Map<Candidate, List<Slice>> slices = new LinkedHashMap<>();
		candidates.forEach((candidate) -> slices.put(candidate, new ArrayList<>()));
		for (int round = 0; round < WARM_UP + ROUNDS; round++) {
			for (int i = 0; i < candidates.size(); i++) {
				Candidate candidate = candidates.get((i + round) % candidates.size());
				Slice slice = Slice.of(candidate, threads, callers, MILLIS);
				if (round >= WARM_UP) {
					slices.get(candidate).add(slice);
				}
			}
		}
		return slices;
	}

	private static void print(Candidate candidate, List<Slice> own, List<Slice> bare) {
		System.out.printf("%-22s %8.1f %8.3f (%5.3f - %5.3f) %16.1f %14.0f%n", candidate.name(),
				quantile(values(own, Slice::median), 0.5) / 1000, quantile(ratios(own, bare), 0.5),
				quantile(ratios(own, bare), 0.25), quantile(ratios(own, bare), 0.75),
				quantile(more(own, bare, Slice::cpu), 0.5) / 1000, quantile(more(own, bare, Slice::bytes), 0.5));
	}

	private static List<Double> values(List<Slice> slices, ToDoubleFunction<Slice> value) {
		return slices.stream().map(value::applyAsDouble).toList();
	}

	private static List<Double> ratios(List<Slice> own, List<Slice> bare) {
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < own.size(); i++) {
			ratios.add(own.get(i).median() / bare.get(i).median());
		}
		return ratios;
	}

	private static List<Double> more(List<Slice> own, List<Slice> bare, ToDoubleFunction<Slice> value) {
		List<Double> more = new ArrayList<>();
		for (int i = 0; i < own.size(); i++) {
			more.add(value.applyAsDouble(own.get(i)) - value.applyAsDouble(bare.get(i)));
		}
		return more;
	}

	private static double quantile(List<Double> values, double share) {
		return values.stream().sorted().skip((long) (share * (values.size() - 1))).findFirst().orElseThrow();
	}

}
