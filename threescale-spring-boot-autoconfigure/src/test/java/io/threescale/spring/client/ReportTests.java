package io.threescale.spring.client;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.OAuthClient;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.Form.Pair;
import io.threescale.spring.fixture.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReportTests {

	private static final int LIMIT = 4 * 1024 * 1024;

	@RegisterExtension
	static final WireMockExtension backend = WireMockExtension.newInstance().build();

	private ThreeScaleClient client;

	@BeforeEach
	void createClient() {
		this.client = ThreeScaleClient.builder(ServiceCredentials.serviceToken("2555417", "st-1"))
			.baseUrl(URI.create(backend.baseUrl()))
			.connection(Patience.SETTINGS)
			.build();
		answer(1, 202);
	}

	@AfterEach
	void closeClient() {
		this.client.close();
	}

	@Test
	void shouldSendTheExampleOfTheProtocolToTheLetter() {
		this.client.report(
				Transaction.of(ApplicationCredentials.userKey("uk-abc"), Usage.of("hits", 3))
					.at(Instant.parse("2026-11-23T03:04:00.987Z")),
				Transaction.of(ApplicationCredentials.userKey("uk-def"), Usage.of("search")).withResponseCode(200));
		LoggedRequest request = requests().get(0);
		assertThat(request.getBodyAsString()).isEqualTo("service_token=st-1&service_id=2555417"
				+ "&transactions%5B0%5D%5Buser_key%5D=uk-abc&transactions%5B0%5D%5Busage%5D%5Bhits%5D=3"
				+ "&transactions%5B0%5D%5Btimestamp%5D=2026-11-23%2003%3A04%3A00"
				+ "&transactions%5B1%5D%5Buser_key%5D=uk-def&transactions%5B1%5D%5Busage%5D%5Bsearch%5D=1"
				+ "&transactions%5B1%5D%5Blog%5D%5Bcode%5D=200");
		assertThat(request.getUrl()).isEqualTo("/transactions.xml");
		assertThat(request.getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
		assertThat(request.containsHeader("3scale-options")).isFalse();
	}

	@Test
	void shouldSendOnlyTheIdOfAnApplication() {
		this.client.report(Transaction.of(ApplicationCredentials.appId("app", "k1"), Usage.HIT),
				Transaction.of(new OAuthClient("client", "k2"), Usage.HIT));
		assertThat(Form.parse(requests().get(0).getBodyAsString())).containsExactlyInAnyOrder(
				new Pair("service_token", "st-1"), new Pair("service_id", "2555417"),
				new Pair("transactions[0][app_id]", "app"), new Pair("transactions[0][usage][hits]", "1"),
				new Pair("transactions[1][app_id]", "client"), new Pair("transactions[1][usage][hits]", "1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a&b=c+d %#[]{}", "clé-ü🔑", "\"<>'\\\n" })
	void shouldEncodeKeysAndMetrics(String nasty) {
		String metric = nasty.replaceAll("[\\[\\]]", "");
		this.client.report(Transaction.of(ApplicationCredentials.userKey(nasty), Usage.of(metric, 2)));
		String body = requests().get(0).getBodyAsString();
		assertThat(body).matches("[A-Za-z0-9._~%&=-]+");
		assertThat(Form.parse(body)).contains(new Pair("transactions[0][user_key]", nasty),
				new Pair("transactions[0][usage][" + metric + "]", "2"));
	}

	@Test
	void whenUsageIsFlatThenSaysSo() {
		this.client.report(new ReportRequest(transactions(1), true));
		assertThat(requests().get(0).getHeader("3scale-options")).isEqualTo("flat_usage=1");
	}

	@Test
	void whenThereIsNothingToReportThenSendsNothing() {
		this.client.report();
		this.client.report(ReportRequest.of(List.of()));
		assertThat(requests()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2046, 2047 })
	void whenReportHasAtMost4096PairsThenSendsOneRequest(int transactions) {
		this.client.report(ReportRequest.of(transactions(transactions)));
		assertThat(requests()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2048, 4094, 4095, 10_000 })
	void whenReportHasMoreThan4096PairsThenSplits(int count) {
		this.client.report(ReportRequest.of(transactions(count)));
		assertThat(requests()).hasSize((count + 2046) / 2047);
		assertAllSent(count);
	}

	@Test
	void whenReportIsLongerThan4MiBThenSplits() {
		List<Transaction> transactions = IntStream.range(0, 100)
			.mapToObj((i) -> Transaction.of(ApplicationCredentials.userKey(i + "é".repeat(20_000)), Usage.HIT))
			.toList();
		this.client.report(ReportRequest.of(transactions));
		assertThat(requests()).hasSize(3)
			.allSatisfy((request) -> assertThat(request.getBody().length).isLessThanOrEqualTo(LIMIT));
		assertAllSent(100);
	}

	@Test
	void shouldFillA4MiBBodyToTheLastByte() {
		int overhead = new Parameters().service(ServiceCredentials.serviceToken("1", "t")).length();
		int first = new Parameters().transaction(0, Transaction.of(ApplicationCredentials.userKey("u"), Usage.HIT))
			.length();
		int second = new Parameters().transaction(1, Transaction.of(ApplicationCredentials.userKey("v"), Usage.HIT))
			.length();
		String filler = "x".repeat(LIMIT - overhead - first - second - 2);
		ReportSplitter splitter = new ReportSplitter(ServiceCredentials.serviceToken("1", "t"));
		assertThat(splitter.split(pair("u", "v" + filler))).singleElement()
			.satisfies((part) -> assertThat(part.body().length()).isEqualTo(LIMIT));
		assertThat(splitter.split(pair("u", "v" + filler + "x"))).hasSize(2);
	}

	@Test
	void whenALaterRequestFailsThenTellsWhatRemains() {
		answer(2, 503);
		answer(3, 202);
		List<Transaction> transactions = transactions(5000);
		assertThatExceptionOfType(PartialReportException.class)
			.isThrownBy(() -> this.client.report(ReportRequest.of(transactions)))
			.withMessage("3scale accepted 2047 transactions, but not the remaining 2953")
			.satisfies((ex) -> {
				assertThat(ex.remaining()).isEqualTo(transactions.subList(2047, 5000));
				assertThat(ex.getCause()).isSameAs(ex.failure());
				assertThat(ex.failure()).isInstanceOfSatisfying(ThreeScaleUnavailableException.class,
						(failure) -> assertThat(failure.isAmbiguous()).isFalse());
			});
		assertThat(requests()).hasSize(2);
	}

	@Test
	void whenALaterRequestIsRefusedThenTellsWhatRemains() {
		answer(2, 202);
		answer(3, 403);
		List<Transaction> transactions = transactions(5000);
		assertThatExceptionOfType(PartialReportException.class)
			.isThrownBy(() -> this.client.report(ReportRequest.of(transactions)))
			.satisfies((ex) -> {
				assertThat(ex.remaining()).isEqualTo(transactions.subList(4094, 5000));
				assertThat(ex.failure()).isInstanceOf(ThreeScaleMisconfiguredException.class);
			});
		assertThat(requests()).hasSize(3);
	}

	@Test
	void whenTheFirstRequestFailsThenNothingWasAccepted() {
		answer(1, 503);
		assertThatExceptionOfType(ThreeScaleUnavailableException.class)
			.isThrownBy(() -> this.client.report(ReportRequest.of(transactions(5000))));
		assertThat(requests()).hasSize(1);
	}

	/**
	 * The indices start from zero in every request, and the transactions keep their
	 * order.
	 */
	private static void assertAllSent(int count) {
		List<String> keys = new ArrayList<>();
		for (LoggedRequest request : requests()) {
			List<Pair> pairs = Form.parse(request.getBodyAsString());
			assertThat(pairs).hasSizeLessThanOrEqualTo(4096)
				.contains(new Pair("service_token", "st-1"), new Pair("service_id", "2555417"));
			int transactions = (pairs.size() - 2) / 2;
			for (int i = 0; i < transactions; i++) {
				assertThat(request.getBodyAsString()).contains("transactions%5B" + i + "%5D%5Busage%5D%5Bhits%5D=1");
			}
			Stream.of(request.getBodyAsString().split("&"))
				.filter((pair) -> pair.contains("user_key"))
				.forEach((pair) -> keys.add(pair.replaceFirst(".*=(\\d+).*", "$1")));
		}
		assertThat(keys).isEqualTo(IntStream.range(0, count).mapToObj(Integer::toString).toList());
	}

	private static void answer(int number, int status) {
		backend.stubFor(post("/transactions.xml").inScenario("report")
			.whenScenarioStateIs((number == 1) ? "Started" : "after " + (number - 1))
			.willSetStateTo((number < 3) ? "after " + number : "Started")
			.willReturn(aResponse().withStatus(status)));
		if (number == 1) {
			backend.stubFor(post("/transactions.xml").atPriority(10).willReturn(aResponse().withStatus(202)));
		}
	}

	private static List<LoggedRequest> requests() {
		return backend.findAll(anyRequestedFor(anyUrl()));
	}

	private static List<Transaction> transactions(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> Transaction.of(ApplicationCredentials.userKey(Integer.toString(i)), Usage.HIT))
			.toList();
	}

	private static List<Transaction> pair(String first, String second) {
		return Stream.of(first, second)
			.map((key) -> Transaction.of(ApplicationCredentials.userKey(key), Usage.HIT))
			.toList();
	}

}
