package io.threescale.spring.samples.host;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application that starts, prints what it is like, and stops.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class HostApplication {

	/** What the lines of the portrait begin with, among those of the log. */
	static final String LINE = "PORTRAIT ";

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(HostApplication.class, args)) {
			new Portrait(context).lines().forEach((line) -> System.out.println(LINE + line));
		}
	}

}
