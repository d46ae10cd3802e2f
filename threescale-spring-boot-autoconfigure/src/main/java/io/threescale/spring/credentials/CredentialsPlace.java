package io.threescale.spring.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.util.StringUtils;

/**
 * A place of a request that holds named values.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public enum CredentialsPlace {

	/** The headers. */
	HEADER {

		@Override
		@Nullable String find(HttpRequest request, String name) {
			return request.getHeaders().getFirst(name);
		}

	},

	/** The query of the URL, but not the form in a body: reading that would use it up. */
	QUERY {

		@Override
		@Nullable String find(HttpRequest request, String name) {
			for (String parameter : StringUtils.delimitedListToStringArray(request.getURI().getRawQuery(), "&")) {
				String[] pair = parameter.split("=", 2);
				if (pair.length == 2 && decoded(pair[0]).equals(name)) {
					return decoded(pair[1]);
				}
			}
			return null;
		}

	},

	/** The cookies. */
	COOKIE {

		@Override
		@Nullable String find(HttpRequest request, String name) {
			for (String header : request.getHeaders().getOrEmpty(HttpHeaders.COOKIE)) {
				for (String cookie : header.split(";")) {
					String[] pair = cookie.trim().split("=", 2);
					if (pair.length == 2 && pair[0].equals(name)) {
						return pair[1];
					}
				}
			}
			return null;
		}

	};

	abstract @Nullable String find(HttpRequest request, String name);

	String challenge(String name) {
		return "APIKey in=\"" + name().toLowerCase(Locale.ROOT) + "\", name=\"" + name + "\"";
	}

	private static String decoded(String value) {
		try {
			return StringUtils.uriDecode(value.replace('+', ' '), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
	}

}
