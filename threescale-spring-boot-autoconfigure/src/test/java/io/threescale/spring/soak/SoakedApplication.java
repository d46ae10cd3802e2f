package io.threescale.spring.soak;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.fixture.Meters;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application in this process, in one of the two modes.
 *
 * @param mode the mode, which is also the id of its service
 * @param application the application
 * @param answers how many calls had which answer: a status, and what was called
 */
record SoakedApplication(String mode, Application application,
		Map<String, LongAdder> answers) implements AutoCloseable {

	static final String FREE = "/free";

	static SoakedApplication start(BackendProcess backend, String mode, Path spool, String... properties) {
		return new SoakedApplication(mode, Application.start(Host.class,
				StringUtils.concatenateStringArrays(new String[] { "threescale.mode=" + mode,
						"threescale.service-id=" + mode, "threescale.service-token=token",
						"threescale.url=" + backend.uri(), "threescale.connection.response-timeout=2s",
						"threescale.connection.total-timeout=2500ms", "threescale.reporting.flush-interval=1s",
						"threescale.reporting.spool.directory=" + spool.resolve(mode), "logging.level.root=error" },
						properties)),
				new ConcurrentSkipListMap<>());
	}

	void call(String path, String key) {
		int status = this.application.send("GET", path, "user-key", key).statusCode();
		this.answers.computeIfAbsent(status + (path.equals(FREE) ? " free" : ""), (absent) -> new LongAdder())
			.increment();
	}

	/**
	 * Return how many calls were granted that are to be charged, one unit each.
	 */
	long granted() {
		return this.answers.getOrDefault("200", new LongAdder()).sum();
	}

	/**
	 * Return the units that wait to be reported.
	 */
	long pending() {
		return (long) meters().get("threescale.reporting.pending").gauge().value();
	}

	/**
	 * Return a figure of {@code threescale.reporting}.
	 */
	long reporting(String what, String outcome) {
		FunctionCounter counter = meters().get("threescale.reporting." + what)
			.tags("outcome", outcome)
			.functionCounter();
		return (long) counter.count();
	}

	private MeterRegistry meters() {
		return this.application.bean(MeterRegistry.class);
	}

	@Override
	public String toString() {
		return this.mode + ": " + this.answers + ", pending " + pending();
	}

	@Override
	public void close() {
		this.application.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Api.class, Meters.class })
	static class Host {

	}

	@RestController
	static class Api {

		@GetMapping("/metered")
		@ThreeScaleMetered
		String metered() {
			return "metered";
		}

		@GetMapping("/limited")
		@ThreeScaleMetered("limited")
		String limited() {
			return "limited";
		}

		@GetMapping(FREE)
		@ThreeScaleUnmetered
		String free() {
			return "free";
		}

		@GetMapping("/success")
		@ThreeScaleMetered(chargeOn = "success")
		ResponseEntity<String> success(@RequestParam int status) {
			return ResponseEntity.status(status).body("done");
		}

		@GetMapping("/async")
		@ThreeScaleMetered
		CompletableFuture<String> async() {
			return CompletableFuture.supplyAsync(() -> "async");
		}

	}

}
