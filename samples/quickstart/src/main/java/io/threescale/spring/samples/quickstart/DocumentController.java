package io.threescale.spring.samples.quickstart;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.threescale.spring.Authorization;
import io.threescale.spring.UsageReport;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.ThreeScaleUnmetered;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Every call is one hit, unless a method says otherwise.
 */
@RestController
@ThreeScaleMetered
class DocumentController {

	private final Map<Integer, String> documents = new ConcurrentHashMap<>(
			Map.of(1, "Charge for what is used", 2, "Used once, charged once"));

	@GetMapping("/search")
	@ThreeScaleMetered("search")
	List<String> search(@RequestParam String query) {
		return this.documents.values()
			.stream()
			.filter((document) -> document.toLowerCase(Locale.ROOT).contains(query.toLowerCase(Locale.ROOT)))
			.toList();
	}

	@PostMapping("/documents")
	@ResponseStatus(HttpStatus.CREATED)
	@ThreeScaleMetered(metric = "upload", delta = 5)
	Map<String, Integer> upload(@RequestBody String document) {
		int id = this.documents.size() + 1;
		this.documents.put(id, document);
		return Map.of("id", id);
	}

	@GetMapping("/summary")
	CompletableFuture<Map<String, Integer>> summary() {
		return CompletableFuture.supplyAsync(() -> Map.of("documents", this.documents.size()));
	}

	@GetMapping("/plan")
	Map<String, Object> plan(Authorization authorization) {
		List<String> limits = authorization.usageReports().stream().map(DocumentController::describe).toList();
		return Map.of("plan", String.valueOf(authorization.plan()), "limits", limits);
	}

	@GetMapping("/health")
	@ThreeScaleUnmetered
	String health() {
		return "fine";
	}

	private static String describe(UsageReport report) {
		return report.metric() + ": " + report.currentValue() + " of " + report.maxValue() + " a " + report.period();
	}

}
