package io.threescale.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Denied;
import io.threescale.spring.ErrorCode;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.autoconfigure.InvalidThreeScaleConfigurationException.Problem;
import io.threescale.spring.client.reporting.KnownMetrics.State;
import io.threescale.spring.credentials.CredentialsKind;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.verification.DeclaredUsage;
import io.threescale.spring.metering.verification.ServiceLint;
import io.threescale.spring.metering.verification.ServiceLint.Findings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A service about which 3scale is asked, in terms of its properties.
 *
 * @param prefix what its properties begin with
 * @param lint asks
 * @param application asks for the metrics, or {@code null} if the first caller does
 * @param kind what callers are known by, or {@code null} if the application finds that
 * out itself
 */
record LintedService(String prefix, ServiceLint lint, @Nullable ApplicationCredentials application,
		@Nullable CredentialsKind kind) {

	/** Whoever finds it among the errors at 3scale is to see where it comes from. */
	private static final String MADE_UP = "threescale-lint";

	private static final Log logger = LogFactory.getLog(MeteringLint.class);

	static LintedService of(String name, MeteredService service, List<DeclaredUsage> usages,
			ThreeScaleProperties properties, ThreeScaleLintProperties lint, boolean ownCredentials) {
		ServiceLint asking = new ServiceLint(service,
				usages.stream().filter((usage) -> usage.service().equals(name)).toList());
		if (name.equals(MeteredServices.DEFAULT)) {
			return new LintedService("threescale", asking,
					lint.application().credentials("threescale.lint.application"),
					ownCredentials ? null : properties.credentials().callers());
		}
		ThreeScaleProperties.Service named = Objects.requireNonNull(properties.services().get(name));
		String prefix = "threescale.services." + name;
		ThreeScaleCredentialsProperties credentials = named.credentials();
		return new LintedService(prefix, asking, named.lint().application().credentials(prefix + ".lint.application"),
				ownCredentials ? null : ((credentials != null) ? credentials : properties.credentials()).callers());
	}

	/**
	 * Ask as an application, or as nobody if there is none.
	 * @return what is wrong; fails if 3scale cannot be asked
	 */
	Mono<List<Problem>> ask() {
		ApplicationCredentials application = this.application;
		return ((application != null)
				? this.lint.authorize(application).flatMap((answer) -> answered(application, answer))
				: this.lint.authorize(nobody()).map((answer) -> tokenWorks()))
			.onErrorResume(ThreeScaleMisconfiguredException.class, (ex) -> Mono.just(refused(ex)));
	}

	private ApplicationCredentials nobody() {
		return (this.kind == CredentialsKind.APP_ID) ? ApplicationCredentials.appId(MADE_UP)
				: ApplicationCredentials.userKey(MADE_UP);
	}

	private List<Problem> tokenWorks() {
		logger.info("3scale accepts the token of service " + id()
				+ (this.lint.usages().isEmpty() ? "." : "; its metrics are checked with the first caller."));
		return List.of();
	}

	private Mono<List<Problem>> answered(ApplicationCredentials application, Authorization answer) {
		if (answer instanceof Denied denied && !denied.code().equals(ErrorCode.LIMITS_EXCEEDED)) {
			return Mono.just(
					List.of(new Problem(
							"3scale denies the application under '" + this.prefix + ".lint.application': "
									+ denied.code() + ".",
							"Name an active application of service " + id() + " there, or none.")));
		}
		return askForMetrics(application, answer.status());
	}

	private List<Problem> refused(ThreeScaleMisconfiguredException ex) {
		ErrorCode code = ex.code();
		boolean ofCallers = ErrorCode.USER_KEY_INVALID.equals(code) || ErrorCode.APPLICATION_NOT_FOUND.equals(code);
		if (ofCallers && this.application == null && this.kind == null) {
			return tokenWorks();
		}
		String property = (code == null) ? "'threescale.url'"
				: ofCallers
						? "'" + this.prefix + ((this.application != null) ? ".lint.application'" : ".credentials.kind'")
						: "'" + this.prefix + ".service-id' and '" + this.prefix + ".service-token'";
		return List.of(new Problem("Calls of service " + id() + " would fail: " + ex.getMessage() + ".",
				"Correct " + property + "."));
	}

	/**
	 * Ask for the metrics as an application that 3scale lets in.
	 * @return what is wrong; fails if 3scale cannot be asked
	 */
	Mono<List<Problem>> askForMetrics(ApplicationCredentials application, ApplicationStatus status) {
		return this.lint.metrics(application, status).map(this::problems);
	}

	private List<Problem> problems(Findings findings) {
		findings.doubles()
			.forEach((twice) -> logger.warn(twice.where() + " uses metric '" + twice.metric() + "' together with '"
					+ twice.parent() + "', to which 3scale adds it anyway: '" + twice.parent() + "' is billed twice."));
		List<String> unknown = findings.in(State.UNKNOWN);
		if (!unknown.isEmpty()) {
			logger.warn("Whether service " + id() + " has metrics " + unknown + " is not known, as 3scale denies the "
					+ "application that asks.");
		}
		List<Problem> problems = new ArrayList<>();
		findings.in(State.MISSING).forEach((metric) -> problems.add(missing(metric, findings)));
		if (problems.isEmpty() && unknown.isEmpty()) {
			logger.info("3scale has all metrics that are declared for service " + id() + ": " + findings.in(State.KNOWN)
					+ ".");
		}
		return problems;
	}

	private Problem missing(String metric, Findings findings) {
		String users = this.lint.usages()
			.stream()
			.filter((usage) -> usage.metrics().contains(metric))
			.map(DeclaredUsage::where)
			.distinct()
			.collect(Collectors.joining(", "));
		String nearest = SimilarNames.nearest(metric, findings.names());
		return new Problem(
				"Service " + id() + " has no metric '" + metric + "' at 3scale, which is used by " + users + "."
						+ ((nearest != null) ? " Did you mean '" + nearest + "'?" : ""),
				"Correct the name, or create metric '" + metric + "' at 3scale.");
	}

	String id() {
		return this.lint.service().id();
	}

}
