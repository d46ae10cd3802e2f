package io.threescale.spring.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The page of the sandbox, for people: usage as it rises, and buttons for faults and for
 * time. It is at {@code /} for browsers, and all it needs is below {@code /sandbox/}, so
 * that the paths of 3scale answer as without it.
 * <p>
 * Any site a browser has open could send requests to a loopback port. So the page insists
 * on a loopback {@code Host}, which a rebound name does not have, and for changes on a
 * header that other sites may not send.
 *
 * @param backend the sandbox it shows
 */
record SandboxPage(SandboxBackend backend) {

	private static final Duration FARTHEST = Duration.ofDays(3660);

	private static final String FOLDER = "/sandbox/";

	private static final Pattern LOOPBACK = Pattern.compile("(?:127\\.0\\.0\\.1|localhost|\\[::1])(?::[0-9]{1,5})?");

	private static final String OWN_SCRIPT = "x-threescale-sandbox";

	private static final Map<String, String> FILES = Map.of("page.css", "text/css;charset=utf-8", "page.js",
			"text/javascript;charset=utf-8");

	private static final Map<String, Fault> FAULTS = Map.of("storage-down", Fault.storageDown(), "proxy-503",
			Fault.proxy(503), "proxy-504", Fault.proxy(504).afterCounting(), "throttled", Fault.proxy(429), "slow",
			Fault.slow(Duration.ofSeconds(3)), "hang-up-before", Fault.hangUpBeforeCounting(), "hang-up-after",
			Fault.hangUpAfterCounting());

	/** Answer a request of the page, or {@code null} if it is none. */
	@Nullable RawAnswer answer(RawRequest request) {
		boolean get = request.method().equals("GET");
		boolean browser = get && request.path().equals("/")
				&& Objects.requireNonNullElse(request.header("accept"), "").contains("text/html");
		if (!browser && !request.path().startsWith(FOLDER)) {
			return null;
		}
		if (!isLocal(request)) {
			return text(403, "The page of the sandbox answers on a loopback address only, such as 127.0.0.1.");
		}
		if (browser) {
			return file("page.html", "text/html;charset=utf-8");
		}
		String name = request.path().substring(FOLDER.length());
		if (get && name.equals("state")) {
			return state(this.backend.state());
		}
		if (get && FILES.containsKey(name)) {
			return file(name, Objects.requireNonNull(FILES.get(name)));
		}
		return request.method().equals("POST") ? change(name, request) : text(404, "There is no such page.");
	}

	private static boolean isLocal(RawRequest request) {
		String host = Objects.requireNonNullElse(request.header("host"), "");
		return LOOPBACK.matcher(host).matches();
	}

	private RawAnswer change(String name, RawRequest request) {
		if (!"1".equals(request.header(OWN_SCRIPT)) || isFromElsewhere(request)) {
			return text(403, "Changes are for the page of the sandbox itself: its header '" + OWN_SCRIPT
					+ "' is missing, or another site sent it.");
		}
		try {
			Parameters parameters = ParameterReader.query(request.query());
			return change(name, parameters);
		}
		catch (IllegalArgumentException | DateTimeParseException | ArithmeticException | Refusal ex) {
			return text(400, "This cannot be done: " + ex.getMessage());
		}
	}

	/** Browsers tell where a request comes from; other programs need not. */
	private static boolean isFromElsewhere(RawRequest request) {
		String origin = request.header("origin");
		return origin != null && !origin.equals("http://" + request.header("host"));
	}

	private RawAnswer change(String name, Parameters parameters) {
		return switch (name) {
			case "advance" -> state(this.backend.advance(duration(parameters)));
			case "fail" -> state(this.backend.changeFaults((faults) -> faults.stand(fault(parameters))));
			case "fail-next" -> state(this.backend.changeFaults((faults) -> faults.addNext(1, fault(parameters))));
			case "recover" -> state(this.backend.changeFaults(Faults::clear));
			default -> text(404, "There is no such change.");
		};
	}

	private static RawAnswer state(PageState state) {
		return answer(200, "application/json", JsonText.of(state));
	}

	private static Duration duration(Parameters parameters) {
		Duration duration = Duration.parse(Objects.requireNonNullElse(parameters.text("by"), ""));
		if (duration.abs().compareTo(FARTHEST) > 0) {
			throw new IllegalArgumentException("go at most " + FARTHEST.toDays() + " days at once");
		}
		return duration;
	}

	private static Fault fault(Parameters parameters) {
		Fault fault = FAULTS.get(Objects.requireNonNullElse(parameters.text("fault"), ""));
		if (fault == null) {
			throw new IllegalArgumentException("use one of the faults " + FAULTS.keySet());
		}
		return fault;
	}

	private static RawAnswer file(String name, String type) {
		try (InputStream file = SandboxPage.class.getResourceAsStream(name)) {
			return answer(200, type,
					new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static RawAnswer text(int status, String text) {
		return answer(status, "text/plain;charset=utf-8", text + "\n");
	}

	/** Nothing from anywhere else, not within anything else, and not to be kept. */
	private static RawAnswer answer(int status, String type, String body) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("content-type", type);
		headers.put("content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
				+ "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
		headers.put("cross-origin-resource-policy", "same-origin");
		headers.put("referrer-policy", "no-referrer");
		headers.put("x-content-type-options", "nosniff");
		headers.put("cache-control", "no-store");
		return new RawAnswer(status, headers, body, false);
	}

}
