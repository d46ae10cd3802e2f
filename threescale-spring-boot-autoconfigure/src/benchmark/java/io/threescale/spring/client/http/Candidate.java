package io.threescale.spring.client.http;

import java.net.URI;
import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.Extension;
import io.threescale.spring.client.ThreeScaleClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A way to ask 3scale and to wait for the answer.
 *
 * @param name what the table calls it
 * @param call asks once
 */
record Candidate(String name, Runnable call) {

	private static final String TOKEN = "0123456789abcdef0123456789abcdef";

	private static final String USER_KEY = "fedcba9876543210fedcba9876543210";

	/**
	 * Return all candidates. The first is what the others are compared with, the second
	 * is the same again: its ratio shows the noise.
	 */
	static List<Candidate> all(URI baseUrl) {
		return List.of(bare("bare GET", baseUrl), bare("bare GET again", baseUrl), client("client", baseUrl),
				client("client, header-only", baseUrl, Extension.NO_BODY, Extension.LIMIT_HEADERS), naive(baseUrl));
	}

	private static Candidate bare(String name, URI baseUrl) {
		WebClient webClient = webClient();
		URI uri = uri(baseUrl);
		return new Candidate(name, () -> require(get(webClient, uri)));
	}

	private static Candidate naive(URI baseUrl) {
		WebClient webClient = webClient();
		URI uri = uri(baseUrl);
		ObjectReader reader = new XmlMapper().readerFor(JsonNode.class);
		return new Candidate("GET and XmlMapper", () -> require(reader.readValue(get(webClient, uri))));
	}

	private static Candidate client(String name, URI baseUrl, Extension... extensions) {
		ThreeScaleClient client = ThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", TOKEN))
			.baseUrl(baseUrl)
			.build();
		AuthorizationRequest request = AuthorizationRequest.of(ApplicationCredentials.userKey(USER_KEY))
			.with(extensions);
		return new Candidate(name, () -> require(client.authRep(request)));
	}

	private static WebClient webClient() {
		Connections connections = Connections.of(ConnectionSettings.defaults());
		return WebClient.builder().clientConnector(new ReactorClientHttpConnector(connections.httpClient())).build();
	}

	private static URI uri(URI baseUrl) {
		return URI.create(baseUrl + "/transactions/authrep.xml?service_token=" + TOKEN + "&service_id=1001&user_key="
				+ USER_KEY + "&usage%5Bhits%5D=1");
	}

	private static byte[] get(WebClient webClient, URI uri) {
		return webClient.get().uri(uri).retrieve().bodyToMono(byte[].class).block();
	}

	private static void require(Object answer) {
		if (answer == null) {
			throw new IllegalStateException("No answer");
		}
	}

}
