package io.threescale.spring.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.security.SecurityScheme.In;
import io.swagger.v3.oas.models.security.SecurityScheme.Type;

/**
 * Makes security schemes of the challenges that a caller without credentials is sent, so
 * that the document says what the 401 says.
 */
final class ChallengeSecurity {

	private static final Pattern API_KEY = Pattern.compile("APIKey in=\"(header|query|cookie)\", name=\"(.+)\"");

	private static final Pattern HTTP = Pattern.compile("(Basic|Bearer)\\b.*");

	private ChallengeSecurity() {
	}

	/**
	 * Return the schemes. Challenges that OpenAPI has no scheme for are left out.
	 * @param challenges the challenges
	 * @return the schemes by name
	 */
	static Map<String, SecurityScheme> schemes(List<String> challenges) {
		Map<String, SecurityScheme> schemes = new LinkedHashMap<>();
		for (String challenge : challenges) {
			Matcher apiKey = API_KEY.matcher(challenge);
			Matcher http = HTTP.matcher(challenge);
			if (apiKey.matches()) {
				String in = apiKey.group(1);
				String name = apiKey.group(2);
				schemes.put("threescale-" + in + "-" + name.replaceAll("[^\\w.-]", "_"),
						new SecurityScheme().type(Type.APIKEY).in(In.valueOf(in.toUpperCase(Locale.ROOT))).name(name));
			}
			else if (http.matches()) {
				String scheme = http.group(1).toLowerCase(Locale.ROOT);
				schemes.put("threescale-" + scheme, new SecurityScheme().type(Type.HTTP).scheme(scheme));
			}
		}
		return schemes;
	}

}
