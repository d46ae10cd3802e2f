package io.threescale.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.ConnectionSettings;
import io.threescale.spring.credentials.CredentialsKind;
import io.threescale.spring.credentials.CredentialsNames;
import io.threescale.spring.credentials.CredentialsResolver;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.FailurePolicy;
import io.threescale.spring.metering.MeteringSettings;
import io.threescale.spring.security.ClaimCredentialsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ClassUtils;
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
 * @param forwardReferrer Whether the Referer header of callers is passed on to 3scale,
 * for services with referrer filters.
 * @param rateLimitHeaders Whether granted calls are answered with RateLimit headers too.
 * @param withholdJacksonXml Whether Jackson XML, which reads the answers of 3scale, is
 * kept from the web endpoints of an application that does not use it itself.
 * @param mode Whether 3scale decides about every call, or most are decided in the
 * process.
 * @param chargeOn When calls are charged, unless they say so themselves: with the
 * decision (admission), when they are done (completion), if they succeed (success), or
 * with one of these HTTP statuses.
 * @param reportResponseCodes Whether 3scale is told the HTTP statuses answered. All calls
 * are then charged when they are done.
 * @param anonymous What happens to callers without credentials.
 * @param connection Bounds of the connections to the backend.
 * @param credentials Where callers put their credentials.
 * @param services Further services this application serves, by the name that annotations,
 * rules or a ServiceResolver give them.
 * @param advisor Metering of methods that are no handlers.
 * @since 0.1.0
 */
@ConfigurationProperties("threescale")
public record ThreeScaleProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("https://su1.3scale.net") URI url, @Nullable String serviceId, @Nullable String serviceToken,
		@Nullable String providerKey, @DefaultValue("false") boolean oauthEndpoints,
		@DefaultValue("deny") FailurePolicy failurePolicy, @DefaultValue("false") boolean forwardReferrer,
		@DefaultValue("false") boolean rateLimitHeaders, @DefaultValue("true") boolean withholdJacksonXml,
		@DefaultValue("strict") Mode mode, @DefaultValue("admission") String chargeOn,
		@DefaultValue("false") boolean reportResponseCodes, @DefaultValue Anonymous anonymous,
		@DefaultValue Connection connection, @DefaultValue Credentials credentials,
		@DefaultValue Map<String, Service> services, @DefaultValue Advisor advisor) {

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
			InvalidThreeScaleConfigurationException.require((this.userKey != null) != (this.appId != null),
					"threescale.anonymous.policy", "'deny' or 'pass', unless either 'threescale.anonymous.user-key' "
							+ "or 'threescale.anonymous.app-id' names the application to share");
			if (this.userKey != null) {
				return ApplicationCredentials.userKey(this.userKey);
			}
			String id = Objects.requireNonNull(this.appId);
			return (this.appKey != null) ? ApplicationCredentials.appId(id, this.appKey)
					: ApplicationCredentials.appId(id);
		}

		@Override
		public String toString() {
			return "Anonymous[policy=" + this.policy + "]";
		}

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
				this.forwardReferrer, this.rateLimitHeaders, this.reportResponseCodes, this.mode == Mode.PREDICTIVE);
	}

	ChargeOn charging() {
		try {
			return ChargeOn.of(this.chargeOn);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidThreeScaleConfigurationException(
					"Property 'threescale.charge-on' makes no sense: " + ex.getMessage() + ".",
					"Set it to 'admission', 'completion', 'success', or statuses such as '2xx,404'.");
		}
	}

	@Override
	public String toString() {
		return "ThreeScaleProperties[url=" + this.url + ", serviceId=" + this.serviceId + "]";
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
	 * A further service.
	 *
	 * @param serviceId ID of the service at 3scale.
	 * @param serviceToken Token that is valid for the service.
	 * @param providerKey Provider key, the legacy alternative to a service token.
	 * @param credentials Where its callers put their credentials. If not set, as those of
	 * the default service do.
	 */
	public record Service(@Nullable String serviceId, @Nullable String serviceToken, @Nullable String providerKey,
			@Nullable Credentials credentials) {

		@Override
		public String toString() {
			return "Service[serviceId=" + this.serviceId + "]";
		}

	}

	/**
	 * Bounds of the connections to the backend.
	 *
	 * @param connectTimeout Time to wait for a new connection, or for one to become free.
	 * @param responseTimeout Time to wait for an answer to begin, or to go on.
	 * @param totalTimeout Time one call of the backend may take in all.
	 * @param maxConnections Number of connections to the backend at most.
	 * @param maxPending Number of calls that may wait for a connection; more fail at
	 * once.
	 * @param maxIdleTime Time an unused connection is kept. The backend closes it after
	 * 20 seconds.
	 * @param proxy URL of an HTTP proxy in front of the backend.
	 * @param ssl TLS to the backend.
	 */
	public record Connection(@DefaultValue("1s") Duration connectTimeout, @DefaultValue("2s") Duration responseTimeout,
			@DefaultValue("3s") Duration totalTimeout, @DefaultValue("64") int maxConnections,
			@DefaultValue("256") int maxPending, @DefaultValue("15s") Duration maxIdleTime, @Nullable URI proxy,
			@DefaultValue Ssl ssl) {

		ConnectionSettings settings() {
			requirePositive(this.connectTimeout, "connect-timeout");
			requirePositive(this.responseTimeout, "response-timeout");
			requirePositive(this.totalTimeout, "total-timeout");
			requirePositive(this.maxIdleTime, "max-idle-time");
			require(this.maxConnections > 0, "max-connections", "1 or more");
			require(this.maxPending >= 0, "max-pending", "0 or more");
			require(this.proxy == null || this.proxy.getHost() != null, "proxy", "a URL with a host");
			return new ConnectionSettings(this.connectTimeout, this.responseTimeout, this.totalTimeout,
					this.maxConnections, this.maxPending, this.maxIdleTime, this.proxy);
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

		}

	}

	/**
	 * Where callers put their credentials.
	 *
	 * @param kind What the service knows its callers by, as set at 3scale.
	 * @param sources Where to look for credentials, in this order. None leaves it to the
	 * application's own CredentialsResolver beans.
	 * @param claim Name of the claim of a validated access token that is the ID of the
	 * calling OAuth client, asked before the sources. Of several, the first that is
	 * there. Needs an OAuth2 resource server of Spring Security.
	 * @param header Names of the headers.
	 * @param query Names of the query parameters.
	 * @param cookie Names of the cookies.
	 */
	public record Credentials(@DefaultValue("user-key") CredentialsKind kind, @DefaultValue( {
			"header", "query" }) List<CredentialsSource> sources, @DefaultValue List<String> claim,
			@DefaultValue HeaderNames header, @DefaultValue ParameterNames query, @DefaultValue ParameterNames cookie){

		private static final String RESOURCE_SERVER = "org.springframework.security.oauth2.server.resource"
				+ ".authentication.AbstractOAuth2TokenAuthenticationToken";

		/**
		 * Return what goes by the claim, or {@code null} if none is named.
		 */
		@Nullable CredentialsResolver byClaim(String prefix) {
			if (this.claim.isEmpty()) {
				return null;
			}
			if (!ClassUtils.isPresent(RESOURCE_SERVER, null)) {
				throw new InvalidThreeScaleConfigurationException(
						"Property '" + prefix + ".credentials.claim' names a claim of access tokens, but nothing "
								+ "validates them: there is no OAuth2 resource server of Spring Security.",
						"Add 'spring-boot-starter-security-oauth2-resource-server', or remove the property.");
			}
			return new ClaimCredentialsResolver(this.claim);
		}

		private static CredentialsNames names(String place, String userKey, String appId, String appKey) {
			requireText(userKey, place, "user-key");
			requireText(appId, place, "app-id");
			requireText(appKey, place, "app-key");
			return new CredentialsNames(userKey, appId, appKey);
		}

		private static void requireText(String name, String place, String property) {
			InvalidThreeScaleConfigurationException.require(StringUtils.hasText(name),
					"threescale.credentials." + place + "." + property, "a name");
		}

		/**
		 * Names of the headers.
		 *
		 * @param userKey Name of the user key.
		 * @param appId Name of the application ID.
		 * @param appKey Name of the application key.
		 */
		public record HeaderNames(@DefaultValue("user-key") String userKey, @DefaultValue("app-id") String appId,
				@DefaultValue("app-key") String appKey) {

			CredentialsNames names(String place) {
				return Credentials.names(place, this.userKey, this.appId, this.appKey);
			}

		}

		/**
		 * Names of query parameters or cookies.
		 *
		 * @param userKey Name of the user key.
		 * @param appId Name of the application ID.
		 * @param appKey Name of the application key.
		 */
		public record ParameterNames(@DefaultValue("user_key") String userKey, @DefaultValue("app_id") String appId,
				@DefaultValue("app_key") String appKey) {

			CredentialsNames names(String place) {
				return Credentials.names(place, this.userKey, this.appId, this.appKey);
			}

		}

	}

}
