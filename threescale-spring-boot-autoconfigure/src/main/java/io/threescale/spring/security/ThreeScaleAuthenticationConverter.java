package io.threescale.spring.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationCredentials.Kind;
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

	private static final String ALGORITHM = "HmacSHA256";

	private static final int NAME_LENGTH = 8;

	private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

	private final SecretKeySpec secret;

	/**
	 * Create a converter.
	 * @param secret makes the names of applications known by a user key, which is not to
	 * be guessed from them; the same for all instances whose names should be
	 */
	public ThreeScaleAuthenticationConverter(String secret) {
		this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
	}

	@Nullable Authentication convert(MeteredCall call, @Nullable Authentication current) {
		ApplicationCredentials caller = call.caller();
		if (caller == null) {
			return null;
		}
		List<GrantedAuthority> authorities = authorities(call.authorization().status().plan());
		return this.trust.isAuthenticated(current) ? with(authorities, current)
				: new ThreeScaleAuthentication(name(caller), call.authorization(), authorities);
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

	private String name(ApplicationCredentials caller) {
		return (caller.kind() == Kind.USER_KEY) ? "user-key:" + hash(caller.value()) : caller.value();
	}

	private String hash(String key) {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.secret);
			return HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)), 0, NAME_LENGTH);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

}
