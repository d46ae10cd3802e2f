package io.threescale.spring.autoconfigure;

import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Withholds the side effects of Jackson XML, which comes with the starter to read the
 * answers of 3scale: without this, the application would begin to answer browsers in XML,
 * and would have a second mapper bean. Backs off where the application uses Jackson XML
 * itself.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
		"org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration" })
@ConditionalOnClass(XmlMapper.class)
@ConditionalOnBooleanProperty(name = "threescale.withhold-jackson-xml", matchIfMissing = true)
@Conditional(OnJacksonXmlUnused.class)
public final class JacksonXmlAutoConfiguration {

	@Bean
	static JacksonXmlRemover threeScaleJacksonXmlRemover() {
		return new JacksonXmlRemover();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebMvcConfigurer.class)
	static class ServerConfiguration {

		@Bean
		WebMvcConfigurer threeScaleJacksonXmlServerConfigurer() {
			return new WebMvcConfigurer() {

				@Override
				public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
					builder.configureMessageConvertersList(JacksonXmlConverters::withhold);
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ClientHttpMessageConvertersCustomizer.class)
	static class ClientConfiguration {

		@Bean
		ClientHttpMessageConvertersCustomizer threeScaleJacksonXmlClientCustomizer() {
			return (builder) -> builder.configureMessageConvertersList(JacksonXmlConverters::withhold);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CodecCustomizer.class)
	static class CodecConfiguration {

		/**
		 * Comes first, so that whatever the application configures counts.
		 */
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		CodecCustomizer threeScaleJacksonXmlCodecCustomizer() {
			return JacksonXmlCodecs::withhold;
		}

	}

}
