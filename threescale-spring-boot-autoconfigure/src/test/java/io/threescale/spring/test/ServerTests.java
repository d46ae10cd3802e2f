package io.threescale.spring.test;

import java.net.URI;

import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.autoconfigure.ThreeScaleConnectionDetails;
import io.threescale.spring.client.reporting.spool.MvStoreUsageSpool;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ThreeScaleTest} with a server, against all that may lead to a real service.
 */
@SpringBootTest(classes = SearchApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "threescale.enabled=false", "threescale.url=http://127.0.0.1:1", "threescale.service-id=real",
				"threescale.service-token=secret", "threescale.connection.proxy=http://127.0.0.1:1",
				"threescale.sandbox.enabled=true", "threescale.sandbox.port=1", "threescale.mode=predictive",
				"threescale.reporting.spool.directory=/proc/real" })
@Import(ServerTests.OwnConnection.class)
@ThreeScaleTest(applications = @ThreeScaleTest.Application(appId = "app-1", appKeys = { "old", "new" }),
		metrics = @ThreeScaleTest.Metric("search"))
class ServerTests {

	@Autowired
	private ThreeScaleSandbox threeScale;

	@LocalServerPort
	private int port;

	@Test
	void shouldMeterBySandboxAndByTheKindOfTheApplications() {
		call("new");
		call("old");
		assertThat(this.threeScale).reported("app-1", "search", 2);
		assertThatExceptionOfType(HttpClientErrorException.Forbidden.class).isThrownBy(() -> call("wrong"));
		assertThat(this.threeScale).reported("app-1", "search", 2);
	}

	@Test
	void shouldLeaveTheSpoolAlone(@Autowired ApplicationContext context) {
		assertThat(context.getBeansOfType(MvStoreUsageSpool.class)).isEmpty();
	}

	private void call(String appKey) {
		RestClient.create("http://127.0.0.1:" + this.port)
			.get()
			.uri("/search")
			.header("app-id", "app-1")
			.header("app-key", appKey)
			.retrieve()
			.toBodilessEntity();
	}

	static class OwnConnection {

		@Bean
		ThreeScaleConnectionDetails own() {
			return new ThreeScaleConnectionDetails() {

				@Override
				public URI getUrl() {
					return URI.create("http://127.0.0.1:1");
				}

				@Override
				public ServiceCredentials getServiceCredentials() {
					return ServiceCredentials.serviceToken("real", "secret");
				}

			};
		}

	}

}
