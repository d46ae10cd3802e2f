package io.threescale.spring.documentation;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.threescale.spring.fixture.Application;

/**
 * A line that calls {@code localhost:8080}.
 *
 * @param line the line
 */
record Curl(String line) {

	private static final Pattern URL = Pattern.compile("localhost:8080([^\\s']+)");

	private static final Pattern METHOD = Pattern.compile(" -X (\\w+)");

	private static final Pattern HEADER = Pattern.compile(" -H '(\\S+): ([^']+)'");

	private static final Pattern STATUS = Pattern.compile(".*# (\\d{3}),.*");

	/**
	 * Call an application that listens elsewhere.
	 */
	HttpResponse<String> call(Application application) {
		Matcher url = URL.matcher(this.line);
		Matcher method = METHOD.matcher(this.line);
		if (!this.line.startsWith("curl -") || !url.find()) {
			throw new IllegalStateException("No call: " + this.line);
		}
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + application.port() + url.group(1)))
			.method(method.find() ? method.group(1) : "GET", BodyPublishers.noBody());
		HEADER.matcher(this.line).results().forEach((header) -> request.header(header.group(1), header.group(2)));
		return Application.send(request.build());
	}

	/**
	 * Return the status that the line promises.
	 */
	int status() {
		Matcher status = STATUS.matcher(this.line);
		if (!status.matches()) {
			throw new IllegalStateException("No status: " + this.line);
		}
		return Integer.parseInt(status.group(1));
	}

}
