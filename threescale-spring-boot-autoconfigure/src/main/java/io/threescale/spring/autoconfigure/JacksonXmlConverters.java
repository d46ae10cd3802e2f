package io.threescale.spring.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.xml.JacksonXmlHttpMessageConverter;
import org.springframework.http.converter.xml.Jaxb2RootElementHttpMessageConverter;
import org.springframework.util.ClassUtils;

/**
 * Takes the Jackson XML converter out of a list, and puts the one in its place that
 * Spring would have found without Jackson XML on the classpath.
 */
final class JacksonXmlConverters {

	private JacksonXmlConverters() {
	}

	static void withhold(List<HttpMessageConverter<?>> converters) {
		HttpMessageConverter<?> substitute = substitute();
		if (substitute != null) {
			converters.replaceAll((converter) -> isJacksonXml(converter) ? substitute : converter);
		}
		else {
			converters.removeIf(JacksonXmlConverters::isJacksonXml);
		}
	}

	private static boolean isJacksonXml(HttpMessageConverter<?> converter) {
		return converter instanceof JacksonXmlHttpMessageConverter;
	}

	private static @Nullable HttpMessageConverter<?> substitute() {
		boolean jaxb = ClassUtils.isPresent("jakarta.xml.bind.Binder", JacksonXmlConverters.class.getClassLoader());
		return jaxb ? new Jaxb2RootElementHttpMessageConverter() : null;
	}

}
