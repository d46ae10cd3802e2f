package io.threescale.spring.credentials;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;

/**
 * Finds the credentials of the caller in a request, on either web stack. A bean of this
 * type is asked before the sources named by {@code threescale.credentials.sources}; with
 * no sources named, it is asked alone.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CredentialsResolver {

	/**
	 * Find the credentials of the caller. Empty values count as absent. Called once for
	 * each metered request, by several threads at a time; on WebFlux by event loops, so
	 * it must not block. The body of the request cannot be read here.
	 * @param request the request
	 * @return the credentials, or {@code null} if this resolver finds none
	 * @throws InvalidCredentialsException if there is something in their place that
	 * cannot be credentials, such as a key without its application id. The caller is
	 * answered 401 then, unless another resolver finds credentials
	 */
	@Nullable ApplicationCredentials resolve(HttpRequest request);

	/**
	 * Tell callers without credentials how to present them.
	 * @return challenges for the {@code WWW-Authenticate} header (RFC 9110, 11.6.1)
	 */
	default List<String> challenges() {
		return List.of();
	}

	/**
	 * Look for named values in a place.
	 * @param kind what to look for
	 * @param place where to look
	 * @param names the names in use there
	 * @return the resolver
	 */
	static CredentialsResolver named(CredentialsKind kind, CredentialsPlace place, CredentialsNames names) {
		return new NamedCredentialsResolver(kind, place, names);
	}

	/**
	 * Look into HTTP Basic: the user name is the user key, or user name and password are
	 * application id and key.
	 * @param kind what to look for
	 * @return the resolver
	 */
	static CredentialsResolver basic(CredentialsKind kind) {
		return new BasicCredentialsResolver(kind);
	}

	/**
	 * Take a bearer token for the user key, or for an application id without a key.
	 * @param kind what to look for
	 * @return the resolver
	 */
	static CredentialsResolver bearer(CredentialsKind kind) {
		return new BearerCredentialsResolver(kind);
	}

	/**
	 * Ask several resolvers, in their order, until one finds credentials.
	 * @param resolvers the resolvers
	 * @return the resolver
	 */
	static CredentialsResolver firstOf(List<CredentialsResolver> resolvers) {
		return new FirstCredentialsResolver(List.copyOf(resolvers));
	}

}
