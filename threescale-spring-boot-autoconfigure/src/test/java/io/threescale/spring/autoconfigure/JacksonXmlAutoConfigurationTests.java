package io.threescale.spring.autoconfigure;

import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.xml.XmlFactory;
import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.XmlMapperBuilderCustomizer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.http.converter.xml.JacksonXmlHttpMessageConverter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jackson XML is withheld, but not from applications that want it.
 */
class JacksonXmlAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonXmlAutoConfiguration.class, JacksonAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, WebMvcAutoConfiguration.class));

	@Test
	void whenUnusedThenWithheld() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ObjectMapper.class).doesNotHaveBean(XmlMapper.class);
			assertThat(context.getBean(RequestMappingHandlerAdapter.class).getMessageConverters())
				.doesNotHaveAnyElementsOfTypes(JacksonXmlHttpMessageConverter.class);
		});
	}

	@Test
	void whenOwnMapperThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withBean(XmlMapper.class, XmlMapper::new));
	}

	@Test
	void whenOwnMapperBuilderThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withBean(XmlMapper.Builder.class, () -> XmlMapper.builder()));
	}

	@Test
	void whenOwnFactoryThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withBean(XmlFactory.class, XmlFactory::new));
	}

	@Test
	void whenOwnConverterThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withBean(JacksonXmlHttpMessageConverter.class,
				() -> new JacksonXmlHttpMessageConverter()));
	}

	@Test
	void whenCustomizerThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withBean(XmlMapperBuilderCustomizer.class, () -> (builder) -> {
		}));
	}

	@Test
	void whenPropertyOfJacksonXmlThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withPropertyValues("spring.jackson.xml.write.write-xml-declaration=true"));
	}

	@Test
	void whenNotToBeWithheldThenAnswersXml() {
		assertAnswersXml((runner) -> runner.withPropertyValues("threescale.withhold-jackson-xml=false"));
	}

	private void assertAnswersXml(UnaryOperator<WebApplicationContextRunner> change) {
		change.apply(this.runner)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JacksonXmlRemover.class)
				.getBean(RequestMappingHandlerAdapter.class)
				.satisfies((adapter) -> assertThat(adapter.getMessageConverters())
					.hasAtLeastOneElementOfType(JacksonXmlHttpMessageConverter.class)));
	}

}
