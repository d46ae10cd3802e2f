package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.threescale.spring.autoconfigure.InvalidThreeScaleConfigurationException.Problem;
import io.threescale.spring.autoconfigure.ThreeScaleProperties.OnIneffective;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.verification.MeteringVerifier;
import io.threescale.spring.metering.verification.MeteringVerifier.Findings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Says at start what is metered, and what is declared in vain.
 *
 * @param verifier finds that out
 * @param ineffective properties without effect, each as a sentence
 * @param properties how calls are metered
 * @param services the services there are
 * @param test whether this is a test, where a part of the application may be absent, and
 * 3scale is not called
 * @param lint asks 3scale whether it has what is declared
 * @param warmUp goes the way to the backend, or {@code null} if nothing does
 */
record MeteringStart(MeteringVerifier verifier, List<String> ineffective, ThreeScaleProperties properties,
		MeteredServices services, boolean test, MeteringLint lint,
		@Nullable BackendWarmUp warmUp) implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(MeteringGate.class);

	@Override
	public void afterSingletonsInstantiated() {
		Findings findings = this.verifier.verify();
		this.ineffective.forEach(logger::warn);
		if (this.properties.onIneffective() == OnIneffective.FAIL) {
			InvalidThreeScaleConfigurationException
				.throwIfAny(findings.ineffective().stream().map(MeteringStart::problem).toList());
		}
		findings.ineffective().forEach(logger::warn);
		if (!this.test) {
			findings.idleRules()
				.forEach((rule) -> logger.warn("Mapping rule '" + rule + "' meets no handler, but for that of static "
						+ "files, which has none there: such calls are answered 404, and may be charged all the same."));
		}
		findings.outside().forEach(logger::warn);
		if (this.properties.enforcement() == Enforcement.SHADOW) {
			logger.warn("Nothing is enforced, as 'threescale.enforcement' is 'shadow': every call passes, and those "
					+ "that would be denied are not charged.");
		}
		logger.info(summary(findings));
		if (!this.test) {
			ask(findings);
		}
		else if (this.lint.isOn()) {
			logger.info("3scale is not asked for metrics ('threescale.lint.mode'), as this is a test.");
		}
	}

	/** The questions go the same way as the warm-up would. */
	private void ask(Findings findings) {
		if (this.lint.isOn()) {
			this.lint.run(this.verifier.usages());
		}
		else if (this.warmUp != null
				&& (findings.metered() + findings.rules() > 0 || !this.verifier.usages().isEmpty())) {
			this.warmUp.complete();
		}
	}

	private static Problem problem(String ineffective) {
		return new Problem(ineffective, "Correct that, or set 'threescale.on-ineffective' to 'warn'.");
	}

	private String summary(Findings findings) {
		Map<String, String> named = new TreeMap<>();
		this.services.byName().forEach((name, service) -> named.put(name, service.id()));
		String standard = named.remove(MeteredServices.DEFAULT);
		return "3scale meters " + findings.metered() + " controller methods and leaves " + findings.unmetered()
				+ " unmetered; mapping rules: " + findings.rules() + "; service: " + standard
				+ (named.isEmpty() ? "" : ", further services: " + named) + "; mode: " + this.properties.mode()
				+ "; failure policy: " + this.properties.failurePolicy();
	}

}
