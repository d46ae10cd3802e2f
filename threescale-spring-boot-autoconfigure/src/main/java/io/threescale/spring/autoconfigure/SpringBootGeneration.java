package io.threescale.spring.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Fails the start on a generation of Spring Boot that lacks what we need. It uses nothing
 * that an earlier one lacks.
 */
final class SpringBootGeneration implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final Log logger = LogFactory.getLog(SpringBootGeneration.class);

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		verify(SpringBootVersion.getVersion());
	}

	/**
	 * Verify a version.
	 * @param version such as {@code 4.1.2}
	 */
	static void verify(String version) {
		String[] parts = version.split("\\D+");
		int major = Integer.parseInt(parts[0]);
		if (major < 4) {
			throw new InvalidThreeScaleConfigurationException(
					"The 3scale starter works with Spring Boot 4.0 and 4.1, and this is Spring Boot " + version + ".",
					"Use Spring Boot 4.0 or 4.1, or remove the starter.");
		}
		if (major > 4 || Integer.parseInt(parts[1]) > 1) {
			logger.debug(
					"The 3scale starter was tested with Spring Boot 4.0 and 4.1, and this is Spring Boot " + version);
		}
	}

}
