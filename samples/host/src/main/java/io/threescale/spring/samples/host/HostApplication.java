package io.threescale.spring.samples.host;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application as it was before anybody thought of 3scale.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class HostApplication {

	public static void main(String[] args) {
		SpringApplication.run(HostApplication.class, args);
	}

}
