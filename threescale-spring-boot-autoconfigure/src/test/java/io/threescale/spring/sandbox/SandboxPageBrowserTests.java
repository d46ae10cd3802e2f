package io.threescale.spring.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.threescale.spring.Period;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The page as a person sees, hears and operates it. Run it with
 * {@code -Dgroups=browser -DexcludedGroups=}; it needs Debian's {@code chromium}, and
 * leaves a picture in {@code target/sandbox-page.png}.
 */
@Tag("browser")
class SandboxPageBrowserTests {

	private static final Set<String> OPERATED = Set.of("button", "combobox", "table", "meter", "group", "region");

	@TempDir
	static Path profile;

	private static ThreeScaleSandbox sandbox;

	private static Chromium browser;

	private final Caller demo = Caller.userKey(sandbox, "demo");

	@BeforeAll
	static void start() throws Exception {
		Optional<Path> executable = Chromium.executable();
		assumeTrue(executable.isPresent(), "There is no Chromium here: apt-get install chromium");
		sandbox = ThreeScaleSandbox.start(
				SandboxWorld.of("1001",
						SandboxService.userKey("st1")
							.withMetrics(SandboxMetric.of("hits", "search", "upload"))
							.withPlan("basic", SandboxLimit.of("search", Period.MINUTE, 3),
									SandboxLimit.of("hits", Period.DAY, 1000))
							.withApplication(SandboxApplication.userKey("demo"))),
				0, Clock.fixed(Instant.parse("2026-11-23T05:11:30Z"), ZoneOffset.UTC));
		browser = Chromium.start(executable.get(), profile);
		for (String domain : List.of("Network", "Log", "Runtime", "Page", "Accessibility")) {
			browser.tell(domain + ".enable", Map.of());
		}
	}

	@AfterAll
	static void stop() throws InterruptedException {
		if (browser != null) {
			browser.close();
			sandbox.close();
		}
	}

	@BeforeEach
	void open() {
		sandbox.reset();
		browser.tell("Page.navigate", Map.of("url", sandbox.page().toString()));
		await().atMost(Duration.ofMinutes(1))
			.until(() -> browser.evaluate("document.body && document.body.dataset.ready").equals("true"));
	}

	@Test
	void usageRisesWhileCalling() throws IOException {
		for (int i = 0; i < 4; i++) {
			this.demo.authrep("search");
		}
		this.demo.authrep("serach");
		awaitText("counters", "user-key demo basic search minute 3 3");
		awaitText("counters", "user-key demo basic hits day 3 1000");
		awaitText("errors", "metric \"serach\" is invalid");
		awaitText("status", "New integration error: metric_invalid");
		assertThat(browser.evaluate("getComputedStyle(document.querySelector('#errors td')).color"))
			.isEqualTo("rgb(179, 0, 27)");
		picture("sandbox-page");
	}

	@Test
	void narrowWindowShowsAllAtOnce() throws IOException {
		browser.tell("Emulation.setDeviceMetricsOverride",
				Map.of("width", 360, "height", 640, "deviceScaleFactor", 2, "mobile", true));
		this.demo.authrep("search");
		this.demo.authrep("serach");
		awaitText("errors", "metric \"serach\" is invalid");
		picture("sandbox-page-narrow");
		assertThat(browser.evaluate("document.documentElement.scrollWidth")).isEqualTo("360");
		assertThat(browser.evaluate("[...document.querySelectorAll('section')].map((s) => s.scrollWidth)"))
			.isEqualTo("328,328,328,328");
		browser.tell("Emulation.clearDeviceMetricsOverride", Map.of());
	}

	@Test
	void keyboardReachesEveryControlInOrder() {
		List<String> reached = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			browser.press("Tab", 9);
			reached.add(browser.evaluate("document.activeElement.id || document.activeElement.textContent"));
			assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle")).isEqualTo("solid");
		}
		assertThat(reached).containsExactly("pause", "1 minute", "1 hour", "1 day", "fault", "Fail the next call",
				"Fail all calls", "Recover");
	}

	@Test
	void keyboardLetsTimePassAndCallsFail() throws IOException {
		browser.evaluate("document.querySelector('[data-change=\"advance?by=PT1H\"]').focus()");
		browser.press("Enter", 13);
		awaitText("status", "Done: Let time pass, 1 hour.");
		awaitText("time", "2026-11-23 06:11:30 UTC");
		assertThat(browser.evaluate("document.activeElement.textContent")).isEqualTo("1 hour");
		browser.evaluate("document.querySelector('[data-change=fail]').focus()");
		browser.press("Enter", 13);
		awaitText("faults", "Each of all calls is answered 500 and not counted");
		assertThat(this.demo.authrep("hits").status()).isEqualTo(500);
	}

	@Test
	void screenReaderHearsWhatEachThingIs() {
		List<JsonNode> nodes = browser.tell("Accessibility.getFullAXTree", Map.of())
			.path("nodes")
			.valueStream()
			.filter((node) -> OPERATED.contains(node.path("role").path("value").asString()))
			.toList();
		assertThat(nodes).extracting((node) -> node.path("role").path("value").asString())
			.contains("button", "combobox", "table", "meter", "group", "region");
		assertThat(nodes)
			.allSatisfy((node) -> assertThat(node.path("name").path("value").asString()).as("%s", node).isNotBlank());
	}

	@Test
	void nothingComesFromElsewhereAndNothingIsWrong() {
		assertThat(browser.events("Network.requestWillBeSent"))
			.extracting((event) -> event.path("request").path("url").asString())
			.isNotEmpty()
			.allMatch((url) -> url.startsWith(sandbox.page().toString()) || url.startsWith("data:")
					|| url.equals("about:blank"));
		assertThat(browser.events("Log.entryAdded")).isEmpty();
		assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
	}

	private static void awaitText(String id, String text) {
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(
					browser.evaluate("document.getElementById('" + id + "').innerText.replace(/\\s+/g, ' ')"))
				.contains(text));
	}

	private static void picture(String name) throws IOException {
		String picture = browser.tell("Page.captureScreenshot", Map.of("captureBeyondViewport", true))
			.path("data")
			.asString();
		Files.write(Path.of("target", name + ".png"), Base64.getDecoder().decode(picture));
	}

}
