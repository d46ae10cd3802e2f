package io.threescale.spring.autoconfigure;

import java.util.Map;

import io.threescale.spring.sandbox.SandboxService;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code threescale.sandbox}.
 *
 * @param enabled Whether an in-memory 3scale is started and used in place of a real one.
 * @param port Loopback port it listens on; 0 for a free one.
 * @param services What it knows, by ID of the service. If empty, one service with an
 * application 'demo' that has no limits.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale.sandbox")
public record ThreeScaleSandboxProperties(@DefaultValue("false") boolean enabled, @DefaultValue("0") int port,
		@DefaultValue Map<String, SandboxService> services) {

}
