package io.threescale.spring.samples.reactive;

import io.threescale.spring.sandbox.ThreeScaleSandbox;
import io.threescale.spring.test.ThreeScaleTest;
import io.threescale.spring.test.ThreeScaleTest.Application;
import io.threescale.spring.test.ThreeScaleTest.Limit;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

import static io.threescale.spring.test.CalendarPeriod.DAY;
import static io.threescale.spring.test.ThreeScaleAssertions.assertThat;

/**
 * What the sample charges for, over real HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureWebTestClient
@ThreeScaleTest(
		applications = @Application(userKey = "app-1", limits = @Limit(metric = "tokens", max = 20, period = DAY)))
class ReactiveApplicationTests {

	@Autowired
	private WebTestClient caller;

	@Autowired
	private ThreeScaleSandbox threeScale;

	@Test
	void streamIsChargedByItsTokens() {
		get("/stream?prompt=one two three").expectStatus().isOk();
		assertThat(this.threeScale).reported("app-1", "tokens", 5);
	}

	@Test
	void completionIsChargedByItsResult() {
		get("/complete?prompt=one two").expectStatus().isOk().expectBody().jsonPath("$.tokens").isEqualTo(4);
		assertThat(this.threeScale).reported("app-1", "tokens", 4);
	}

	@Test
	void completionIsLimitedByWhatItMayTake() {
		get("/complete?prompt=a b c d e f g h i j").expectStatus().isOk();
		assertThat(this.threeScale).reported("app-1", "tokens", 12);
		get("/complete?prompt=a").expectStatus()
			.isEqualTo(429)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(this.threeScale).reported("app-1", "tokens", 12);
	}

	@Test
	void routeIsMeteredByARule() {
		get("/models/small").expectStatus().isOk().expectBody(String.class).isEqualTo("small");
		assertThat(this.threeScale).reported("app-1", "hits", 1);
	}

	private ResponseSpec get(String uri) {
		return this.caller.get().uri(uri).header("user-key", "app-1").exchange();
	}

}
