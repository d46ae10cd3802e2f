package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.actuate.MeteringPolicies;
import io.threescale.spring.client.circuitbreaker.Circuit;
import io.threescale.spring.client.http.ConnectionSettings;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.FailurePolicy;
import io.threescale.spring.metering.MeteringSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Everything under {@code threescale}, but for the sandbox.
 *
 * @param enabled Whether calls are metered. If not, everything passes and the client
 * beans are absent.
 * @param url URL of the 3scale backend.
 * @param serviceId ID of the service at 3scale.
 * @param serviceToken Token that is valid for the service.
 * @param providerKey Provider key, the legacy alternative to a service token.
 * @param oauthEndpoints Whether OAuth clients are authorized through the oauth_*
 * endpoints, which backends before 3.4 need.
 * @param failurePolicy What happens to metered calls when 3scale cannot be asked.
 * @param enforcement Whether calls that 3scale denies are refused, pass beyond a limit,
 * or pass all.
 * @param onIneffective What happens if an annotation, or an argument that takes the
 * decision, has no effect.
 * @param forwardReferrer Whether the Referer header of callers is passed on to 3scale,
 * for services with referrer filters.
 * @param rateLimitHeaders Whether granted calls are answered with RateLimit headers too.
 * @param mode Whether 3scale decides about every call, or most are decided in the
 * process.
 * @param chargeOn When calls are charged, unless they say so themselves: with the
 * decision (admission), when they are done (completion), if they succeed (success), or
 * with one of these HTTP statuses.
 * @param reportResponseCodes Whether 3scale is told the HTTP statuses answered. All calls
 * are then charged when they are done.
 * @param anonymous What happens to callers without credentials.
 * @param connection Bounds of the connections to the backend.
 * @param circuitBreaker What happens when the backend does not answer call after call.
 * @param credentials Where callers put their credentials.
 * @param services Further services this application serves, by the name that annotations,
 * rules or a ServiceResolver give them.
 * @param events Events about limits.
 * @param advisor Metering of methods that are no handlers.
 * @param logging What log lines tell of metered calls.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale")
public record ThreeScaleProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("https://su1.3scale.net") URI url, @Nullable String serviceId, @Nullable String serviceToken,
		@Nullable String providerKey, @DefaultValue("false") boolean oauthEndpoints,
		@DefaultValue("deny") FailurePolicy failurePolicy, @DefaultValue("enforce") Enforcement enforcement,
		@DefaultValue("warn") OnIneffective onIneffective, @DefaultValue("false") boolean forwardReferrer,
		@DefaultValue("false") boolean rateLimitHeaders, @DefaultValue("strict") Mode mode,
		@DefaultValue("admission") String chargeOn, @DefaultValue("false") boolean reportResponseCodes,
		@DefaultValue Anonymous anonymous, @DefaultValue Connection connection,
		@DefaultValue CircuitBreaker circuitBreaker,
		@NestedConfigurationProperty @DefaultValue ThreeScaleCredentialsProperties credentials,
		@DefaultValue Map<String, Service> services, @DefaultValue Events events, @DefaultValue Advisor advisor,
		@DefaultValue Logging logging) {

	/**
	 * What happens to calls without credentials.
	 */
	public enum AnonymousPolicy {

		/** They are answered 401. */
		DENY,

		/** They pass, unmetered. */
		PASS,

		/** They are metered as one application, which all such callers share. */
		SHARE

	}

	/**
	 * What happens to callers without credentials.
	 *
	 * @param policy Whether they are denied, pass unmetered, or share the application
	 * named here.
	 * @param userKey User key of the shared application.
	 * @param appId ID of the shared application.
	 * @param appKey Key of the shared application.
	 */
	public record Anonymous(@DefaultValue("deny") AnonymousPolicy policy, @Nullable String userKey,
			@Nullable String appId, @Nullable String appKey) {

		/**
		 * Return the credentials all anonymous callers share, or {@code null} if they
		 * share none.
		 */
		@Nullable ApplicationCredentials shared() {
			if (this.policy != AnonymousPolicy.SHARE) {
				return null;
			}
			ThreeScaleApplicationProperties application = new ThreeScaleApplicationProperties(this.userKey, this.appId,
					this.appKey);
			InvalidThreeScaleConfigurationException.require(application.isNamed(), "threescale.anonymous.policy",
					"'deny' or 'pass', unless either 'threescale.anonymous.user-key' "
							+ "or 'threescale.anonymous.app-id' names the application to share");
			return application.credentials();
		}

		@Override
		public String toString() {
			return "Anonymous[policy=" + this.policy + "]";
		}

	}

	/**
	 * What happens if what is declared about metering has no effect.
	 */
	public enum OnIneffective {

		/** The log says so at start, by a WARN. */
		WARN,

		/** The start fails. */
		FAIL

	}

	/**
	 * Who decides about a call.
	 */
	public enum Mode {

		/** 3scale, for every call. */
		STRICT,

		/** The process, from the last answer of 3scale; usage is reported in batches. */
		PREDICTIVE

	}

	MeteringSettings metering() {
		return new MeteringSettings(this.failurePolicy, this.anonymous.policy() == AnonymousPolicy.PASS,
				this.forwardReferrer, this.rateLimitHeaders, this.reportResponseCodes, this.mode == Mode.PREDICTIVE,
				this.enforcement);
	}

	/**
	 * Return how calls are metered, as operators see it.
	 */
	MeteringPolicies policies(@Nullable ThreeScalePredictionProperties prediction) {
		return new MeteringPolicies(this.mode.name().toLowerCase(Locale.ROOT), this.failurePolicy, this.enforcement,
				(prediction != null) ? prediction.lastKnownFor() : Duration.ZERO);
	}

	/**
	 * Return the id of the default service, or {@code null} if it is that of a provider
	 * key.
	 */
	@Nullable String serviceIdOf(@Nullable ThreeScaleConnectionDetails details) {
		return (details != null) ? details.getServiceCredentials().serviceId() : this.serviceId;
	}

	ChargeOn charging() {
		return chargeOn(this.chargeOn, "threescale.charge-on");
	}

	static ChargeOn chargeOn(String text, String property) {
		try {
			return ChargeOn.of(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidThreeScaleConfigurationException(
					"Property '" + property + "' makes no sense: " + ex.getMessage() + ".",
					"Set it to 'admission', 'completion', 'success', or statuses such as '2xx,404'.");
		}
	}

	@Override
	public String toString() {
		return "ThreeScaleProperties[url=" + this.url + ", serviceId=" + this.serviceId + "]";
	}

	/**
	 * Events about limits.
	 *
	 * @param limitShares Shares of a limit that are told of when an application reaches
	 * them, each once a period.
	 */
	public record Events(@DefaultValue( {
			"0.8", "1" }) Set<Double> limitShares){

		Set<Double> shares() {
			InvalidThreeScaleConfigurationException.require(
					this.limitShares.stream().allMatch((share) -> share > 0 && share <= 1),
					"threescale.events.limit-shares", "above 0 and at most 1, such as '0.8, 1'");
			return this.limitShares;
		}

	}

	/**
	 * Metering of methods that are no handlers.
	 *
	 * @param enabled Whether ThreeScaleMetered counts on methods of all beans. Needs a
	 * MethodCredentialsResolver.
	 */
	public record Advisor(@DefaultValue("false") boolean enabled) {

	}

	/**
	 * What log lines tell of metered calls.
	 *
	 * @param mdc Whether the MDC has application, plan, service and decision of the
	 * metered call that a thread works for.
	 */
	public record Logging(@DefaultValue("false") boolean mdc) {

	}

	/**
	 * What happens when the backend does not answer call after call.
	 *
	 * @param enabled Whether a backend that answers slowly or not at all is asked only
	 * now and then. The instance 'threescale' of a Resilience4j registry, if there is
	 * one, says when.
	 */
	public record CircuitBreaker(@DefaultValue("true") boolean enabled) {

		Circuit circuit(@Nullable HostCircuit host, Duration responseTimeout) {
			if (!this.enabled) {
				return Circuit.none();
			}
			Circuit configured = (host != null) ? host.find() : null;
			return (configured != null) ? configured : Circuit.ofSlowCalls(responseTimeout.dividedBy(2));
		}

	}

	/**
	 * A further service.
	 *
	 * @param serviceId ID of the service at 3scale.
	 * @param serviceToken Token that is valid for the service.
	 * @param providerKey Provider key, the legacy alternative to a service token.
	 * @param credentials Where its callers put their credentials. If not set, as those of
	 * the default service do.
	 * @param lint Who asks for its metrics at start.
	 */
	public record Service(@Nullable String serviceId, @Nullable String serviceToken, @Nullable String providerKey,
			@NestedConfigurationProperty @Nullable ThreeScaleCredentialsProperties credentials,
			@DefaultValue Lint lint) {

		/**
		 * Who asks for the metrics of a further service.
		 *
		 * @param application An application of the service that asks for its metrics. If
		 * not set, the first caller does that 3scale knows.
		 */
		public record Lint(@NestedConfigurationProperty @DefaultValue ThreeScaleApplicationProperties application) {

		}

		@Override
		public String toString() {
			return "Service[serviceId=" + this.serviceId + "]";
		}

	}

	/**
	 * Bounds of the connections to the backend.
	 *
	 * @param connectTimeout Time to wait for a new connection, or for one to become free.
	 * @param responseTimeout Time to wait for an answer once the request has left.
	 * @param totalTimeout Time one call of the backend may take in all.
	 * @param maxConnections Number of connections to the backend at most.
	 * @param maxWaiting Number of calls that may wait for a backend that does not answer
	 * promptly; more meet the failure policy at once.
	 * @param maxLifeTime Time a connection is used, so that a change of the address
	 * behind a name is noticed.
	 * @param proxy URL of an HTTP proxy in front of the backend.
	 * @param ssl TLS to the backend.
	 */
	public record Connection(@DefaultValue("1s") Duration connectTimeout, @DefaultValue("2s") Duration responseTimeout,
			@DefaultValue("3s") Duration totalTimeout, @DefaultValue("64") int maxConnections,
			@DefaultValue("64") int maxWaiting, @DefaultValue("5m") Duration maxLifeTime, @Nullable URI proxy,
			@DefaultValue Ssl ssl) {

		ConnectionSettings settings() {
			requirePositive(this.connectTimeout, "connect-timeout");
			requirePositive(this.responseTimeout, "response-timeout");
			requirePositive(this.totalTimeout, "total-timeout");
			requirePositive(this.maxLifeTime, "max-life-time");
			require(this.maxConnections > 0, "max-connections", "1 or more");
			require(this.maxWaiting > 0, "max-waiting", "1 or more");
			require(this.proxy == null || this.proxy.getHost() != null, "proxy", "a URL with a host");
			return new ConnectionSettings(this.connectTimeout, this.responseTimeout, this.totalTimeout,
					this.maxConnections, this.maxWaiting, this.maxLifeTime, this.proxy);
		}

		private static void requirePositive(Duration duration, String name) {
			require(!duration.isNegative() && !duration.isZero(), name, "longer than nothing");
		}

		private static void require(boolean valid, String name, String requirement) {
			InvalidThreeScaleConfigurationException.require(valid, "threescale.connection." + name, requirement);
		}

		@Override
		public String toString() {
			return "Connection[maxConnections=" + this.maxConnections + "]";
		}

		/**
		 * TLS to the backend.
		 *
		 * @param bundle Name of the SSL bundle to use.
		 */
		public record Ssl(@Nullable String bundle) {

			public Ssl {
				bundle = StringUtils.hasText(bundle) ? bundle : null;
			}

		}

	}

}
