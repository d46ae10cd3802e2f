package io.threescale.spring.security;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.metering.ApplicationNames;
import io.threescale.spring.metering.MeteredCall;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Makes an {@link Authentication} of a metered call. A caller who is authenticated
 * already, as by an access token, stays who it is and gains the authority.
 *
 * @since 0.1.0
 */
public final class ThreeScaleAuthenticationConverter {

	private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

	private final ApplicationNames names;

	/**
	 * Create a converter.
	 * @param names names the applications
	 */
	public ThreeScaleAuthenticationConverter(ApplicationNames names) {
		this.names = names;
	}

	@Nullable Authentication convert(MeteredCall call, @Nullable Authentication current) {
		ApplicationCredentials caller = call.caller();
		if (caller == null) {
			return null;
		}
		List<GrantedAuthority> authorities = authorities(call.authorization().status().plan());
		return this.trust.isAuthenticated(current) ? with(authorities, current)
				: new ThreeScaleAuthentication(this.names.of(caller), call.authorization(), authorities);
	}

	/**
	 * Add authorities, if that leaves the type as it is: the application may rely on one
	 * of its own.
	 */
	private static Authentication with(List<GrantedAuthority> authorities, Authentication current) {
		Authentication built = current.toBuilder().authorities((all) -> all.addAll(authorities)).build();
		return (built.getClass() == current.getClass()) ? built : current;
	}

	private static List<GrantedAuthority> authorities(@Nullable String plan) {
		return (plan != null) ? List.of(new SimpleGrantedAuthority("PLAN_" + plan)) : List.of();
	}

}
