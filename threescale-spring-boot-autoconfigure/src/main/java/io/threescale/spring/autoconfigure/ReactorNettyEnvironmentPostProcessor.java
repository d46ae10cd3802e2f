package io.threescale.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.HttpComponentsClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Keeps Spring Boot from building the HTTP clients of the application with Reactor Netty,
 * which is on the class path because of the client of 3scale. They are built with what
 * Spring Boot would have chosen without it, unless the application has chosen itself, or
 * has a module of Spring Boot that brings Reactor Netty.
 */
final class ReactorNettyEnvironmentPostProcessor implements EnvironmentPostProcessor {

	private static final String FACTORY = "spring.http.clients.imperative.factory";

	private static final String CONNECTOR = "spring.http.clients.reactive.connector";

	/** Who has one of these has Reactor Netty without us, or wants it. */
	private static final List<String> SIGNS = List.of("org.springframework.boot.webclient.WebClientCustomizer",
			"org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory");

	private final Log log;

	ReactorNettyEnvironmentPostProcessor(DeferredLogFactory logs) {
		this.log = logs.getLog(ReactorNettyEnvironmentPostProcessor.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		ClassLoader classLoader = application.getClassLoader();
		if (SIGNS.stream().anyMatch((sign) -> ClassUtils.isPresent(sign, classLoader))
				|| !ClassUtils.isPresent("java.net.http.HttpClient", classLoader)) {
			return;
		}
		Map<String, Object> properties = new LinkedHashMap<>();
		if (ClientHttpRequestFactoryBuilder.detect(classLoader) instanceof ReactorClientHttpRequestFactoryBuilder) {
			properties.put(FACTORY, "jdk");
		}
		properties.put(CONNECTOR, connector(new WithoutReactorNetty(classLoader)));
		properties.keySet().removeIf(environment::containsProperty);
		if (!properties.isEmpty()) {
			environment.getPropertySources().addLast(new MapPropertySource("threescaleHttpClients", properties));
			this.log.debug("HTTP clients of the application are not built with Reactor Netty: " + properties);
		}
	}

	private static String connector(ClassLoader classLoader) {
		ClientHttpConnectorBuilder<?> builder = ClientHttpConnectorBuilder.detect(classLoader);
		if (builder instanceof JettyClientHttpConnectorBuilder) {
			return "jetty";
		}
		return (builder instanceof HttpComponentsClientHttpConnectorBuilder) ? "http-components" : "jdk";
	}

	/**
	 * A class path as it would be without the client of 3scale. It is only asked whether
	 * classes are there.
	 */
	private static final class WithoutReactorNetty extends ClassLoader {

		WithoutReactorNetty(@Nullable ClassLoader parent) {
			super(parent);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (name.startsWith("reactor.netty.")) {
				throw new ClassNotFoundException(name);
			}
			return super.loadClass(name, resolve);
		}

	}

}
