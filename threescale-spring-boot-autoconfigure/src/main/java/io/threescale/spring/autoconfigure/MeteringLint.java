package io.threescale.spring.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Usage;
import io.threescale.spring.autoconfigure.InvalidThreeScaleConfigurationException.Problem;
import io.threescale.spring.autoconfigure.ThreeScaleLintProperties.Mode;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringDecision;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.verification.DeclaredUsage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Has 3scale asked at start whether tokens work and metrics exist. Services for which no
 * application asks are asked about by the first caller that 3scale lets in.
 */
final class MeteringLint implements MeteringListener {

	/** The client gives up earlier, unless it is the application's own. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Between two callers that ask, as 3scale may be away for long. */
	private static final Duration PAUSE = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(MeteringLint.class);

	private final ThreeScaleLintProperties lint;

	private final ThreeScaleProperties properties;

	private final @Nullable ThreeScaleAiProperties ai;

	private final MeteredServices services;

	private final boolean ownCredentials;

	private final Clock clock;

	/** Those that a caller is to ask about, and from when on. */
	private final Map<LintedService, Instant> open = new ConcurrentHashMap<>();

	/**
	 * Create a lint.
	 * @param lint what happens, and who asks
	 * @param properties describe the services
	 * @param ai name metrics, or {@code null} if there are none
	 * @param services the services there are
	 * @param ownCredentials whether the application finds out itself who calls
	 * @param clock the clock
	 */
	MeteringLint(ThreeScaleLintProperties lint, ThreeScaleProperties properties, @Nullable ThreeScaleAiProperties ai,
			MeteredServices services, boolean ownCredentials, Clock clock) {
		this.lint = lint;
		this.properties = properties;
		this.ai = ai;
		this.services = services;
		this.ownCredentials = ownCredentials;
		this.clock = clock;
	}

	boolean isOn() {
		return this.lint.mode() != Mode.OFF;
	}

	/**
	 * Ask about all services at once.
	 * @param usages what annotations and rules declare
	 * @throws InvalidThreeScaleConfigurationException if something is wrong that is to
	 * fail the start
	 */
	void run(List<DeclaredUsage> usages) {
		List<DeclaredUsage> declared = Stream.concat(usages.stream(), chat()).toList();
		List<Problem> problems = Flux.fromIterable(new TreeMap<>(this.services.byName()).entrySet())
			.map((service) -> LintedService.of(service.getKey(), service.getValue(), declared, this.properties,
					this.lint, this.ownCredentials))
			.flatMapSequential(this::ask)
			.flatMapIterable((found) -> found)
			.collectList()
			.blockOptional()
			.orElseThrow();
		if (this.lint.mode() == Mode.FAIL) {
			InvalidThreeScaleConfigurationException.throwIfAny(problems.stream()
				.map((problem) -> new Problem(problem.description(),
						problem.action() + " To start all the same, set 'threescale.lint.mode' to 'warn'."))
				.toList());
		}
		warn(problems);
	}

	private Stream<DeclaredUsage> chat() {
		Set<String> metrics = (this.ai != null) ? this.ai.metrics() : Set.of();
		return metrics.isEmpty() ? Stream.empty()
				: Stream.of(DeclaredUsage.ofDefaultService("Property 'threescale.ai'", metrics));
	}

	private Mono<List<Problem>> ask(LintedService service) {
		if (service.application() == null) {
			this.open.put(service, Instant.MIN);
		}
		return service.ask().timeout(PATIENCE).onErrorResume((ex) -> {
			logger.warn("What is declared for service " + service.id()
					+ " is checked with the first caller, as 3scale cannot be asked now. " + ex.getMessage());
			this.open.put(service, Instant.MIN);
			return Mono.just(List.of());
		});
	}

	@Override
	public void decided(MeteringDecision decision) {
		ApplicationCredentials caller = decision.caller();
		if (!this.open.isEmpty() && caller != null && decision.authorization() instanceof Granted granted) {
			Instant now = this.clock.instant();
			this.open.forEach((service, from) -> {
				if (service.id().equals(decision.service()) && !now.isBefore(from) && this.open.remove(service, from)) {
					service.askForMetrics(caller, granted.status())
						.subscribeOn(Schedulers.boundedElastic())
						.subscribe(MeteringLint::warn, (ex) -> askLater(service, ex));
				}
			});
		}
	}

	private void askLater(LintedService service, Throwable ex) {
		this.open.put(service, this.clock.instant().plus(PAUSE));
		logger.warn("What is declared for service " + service.id()
				+ " is checked with a caller in a minute, as 3scale cannot be asked now. " + ex.getMessage());
	}

	private static void warn(List<Problem> problems) {
		problems.forEach((problem) -> logger.warn(problem.description() + " " + problem.action()));
	}

	@Override
	public void used(String service, Usage usage, boolean counted) {
		// Nothing to learn from it
	}

}
