package io.threescale.spring.endtoend;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;

import io.threescale.spring.metering.ThreeScaleMetered;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application of endpoints that differ in nothing but the metering. It runs in a JVM of
 * its own, until its input ends.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ SmallApplication.Items.class, NaiveInterceptor.class })
class SmallApplication {

	public static void main(String[] args) throws IOException {
		try (ConfigurableApplicationContext context = SpringApplication.run(SmallApplication.class, args)) {
			long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
			long cpuMillis = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
			String threads = Thread.getAllStackTraces()
				.keySet()
				.stream()
				.map(Thread::getName)
				.sorted()
				.collect(Collectors.joining("\t"));
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			System.out.println(ChildJvm.READY + port + "\t" + millis + "\t" + cpuMillis + "\t" + threads);
			System.in.transferTo(System.out);
		}
	}

	@RestController
	static class Items {

		private static final Item ITEM = new Item(4711, "An item of the catalogue", List.of("small", "red", "new"));

		@GetMapping("/metered")
		@ThreeScaleMetered
		Item metered() {
			return ITEM;
		}

		@GetMapping("/copyone")
		Item copyOne() {
			return ITEM;
		}

		@GetMapping("/copytwo")
		Item copyTwo() {
			return ITEM;
		}

		@GetMapping("/naive")
		Item naive() {
			return ITEM;
		}

	}

	record Item(long id, String name, List<String> tags) {
	}

}
