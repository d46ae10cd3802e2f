package io.threescale.spring.test;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ThreeScaleTest} of an application that finds its callers in tokens.
 */
@SpringBootTest(classes = SearchApplication.class)
@AutoConfigureMockMvc
@Import(OAuthTests.Tokens.class)
@ThreeScaleTest(applications = @ThreeScaleTest.Application(oauthClient = "client-1"))
class OAuthTests {

	@Test
	void shouldKnowTheClient(@Autowired MockMvcTester mvc, @Autowired ThreeScaleSandbox threeScale) {
		assertThat(mvc.get().uri("/plan")).hasStatusOk();
		assertThat(threeScale).reported("client-1", "hits", 1);
	}

	static class Tokens {

		@Bean
		CredentialsResolver tokens() {
			return (request) -> ApplicationCredentials.oauthClient("client-1");
		}

	}

}
