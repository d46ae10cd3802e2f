package io.threescale.spring.client.reporting;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.http.ConnectionSettings;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

class WireTests {

	private static final String PATH = "/transactions.xml";

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance().build();

	private final ManualTime time = new ManualTime();

	private BatchingThreeScaleClient client;

	@BeforeEach
	void start() {
		// As patient as a busy machine may need it
		Duration patience = Duration.ofSeconds(10);
		ReactiveThreeScaleClient http = ReactiveThreeScaleClient.builder(ServiceCredentials.serviceToken("1", "token"))
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(new ConnectionSettings(patience, patience, patience, 8, 8, Duration.ofMinutes(5), null))
			.buildReactive();
		this.client = new BatchingThreeScaleClient(http, BatchingSettings.defaults(), new CounterLimit(100),
				UsageSpool.none(), this.time, this.time, List.of());
		this.client.start();
	}

	@AfterEach
	void close() {
		this.time.flow();
		this.client.close();
	}

	@Test
	void sumsGoOutWithTheTimeOfTheirMinute() {
		backend.stubFor(post(PATH).willReturn(aResponse().withStatus(202)));
		report(3);
		report(4);
		this.client.flush().block();
		String transaction = "transactions%5B0%5D%5B";
		backend.verify(1,
				postRequestedFor(urlEqualTo(PATH)).withRequestBody(containing(transaction + "user_key%5D=anna"))
					.withRequestBody(containing(transaction + "usage%5D%5Bhits%5D=7"))
					.withRequestBody(containing(transaction + "timestamp%5D=2026-11-23+03%3A01%3A00")
						.or(containing(transaction + "timestamp%5D=2026-11-23%2003%3A01%3A00"))));
		assertThat(this.client.statistics().deliveredUnits()).isEqualTo(7);
	}

	@ParameterizedTest
	@CsvSource({ "202, , 0, 0, 0", "429, , 5, 0, 0", "500, , 0, 5, 0", "502, , 0, 5, 0", "504, , 0, 5, 0",
			"403, service_token_invalid, 5, 0, 0", "404, , 5, 0, 0", "422, not_valid_data, 0, 0, 1",
			"400, bad_request, 0, 0, 1" })
	void everyAnswerHasItsConsequence(int status, String code, long pending, long ambiguous, long deadLetters) {
		String body = (code != null) ? "<?xml version=\"1.0\"?><error code=\"" + code + "\">text</error>" : "";
		backend.stubFor(post(PATH).willReturn(aResponse().withStatus(status)
			.withHeader("Content-Type", "application/vnd.3scale-v2.0+xml")
			.withBody(body)));
		report(5);
		this.client.flush().block();
		backend.verify(1, postRequestedFor(urlEqualTo(PATH)));
		BatchingStatistics statistics = this.client.statistics();
		assertThat(statistics.pendingUnits()).isEqualTo(pending);
		assertThat(statistics.ambiguousUnits()).isEqualTo(ambiguous);
		assertThat(statistics.deadLetters()).isEqualTo(deadLetters);
	}

	@Test
	void aConnectionThatBreaksAfterSendingIsAmbiguous() {
		backend.stubFor(post(PATH).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
		report(5);
		this.client.flush().block();
		assertThat(this.client.statistics().ambiguousUnits()).isEqualTo(5);
	}

	private void report(long units) {
		this.client
			.report(Transaction.of(ApplicationCredentials.userKey("anna"), Usage.of("hits", units))
				.at(Instant.parse("2026-11-23T03:01:17Z")))
			.block();
	}

}
