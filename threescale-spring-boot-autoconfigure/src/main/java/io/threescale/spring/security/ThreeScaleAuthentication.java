package io.threescale.spring.security;

import java.util.List;

import io.threescale.spring.Authorization;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.Transient;

/**
 * An application that 3scale has let call. Its name tells no key, its authority is its
 * plan, and its details are what 3scale said. Good for one request; not kept in sessions.
 *
 * @since 0.1.0
 */
@Transient
public final class ThreeScaleAuthentication extends AbstractAuthenticationToken {

	private final String application;

	private final transient Authorization authorization;

	ThreeScaleAuthentication(String application, Authorization authorization, List<GrantedAuthority> authorities) {
		super(authorities);
		this.application = application;
		this.authorization = authorization;
		super.setAuthenticated(true);
	}

	/**
	 * Return which application calls.
	 * @return its application or client id, or a name made of its user key
	 */
	@Override
	public String getPrincipal() {
		return this.application;
	}

	/**
	 * Return nothing, as nobody needs the credentials any more.
	 */
	@Override
	public @Nullable Object getCredentials() {
		return null;
	}

	/**
	 * Return what 3scale said of the call.
	 * @return the decision, with the status of the application
	 */
	@Override
	public Authorization getDetails() {
		return this.authorization;
	}

}
