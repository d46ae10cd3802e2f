package io.threescale.spring.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.xml.XmlFactory;
import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Matches unless the application shows that it wants Jackson XML: by a bean of its own or
 * by {@code spring.jackson.xml.*}.
 */
final class OnJacksonXmlUnused extends SpringBootCondition implements ConfigurationCondition {

	private static final String[] SIGNS = { XmlMapper.class.getName(), XmlMapper.Builder.class.getName(),
			XmlFactory.class.getName(), "org.springframework.boot.jackson.autoconfigure.XmlMapperBuilderCustomizer",
			"org.springframework.boot.jackson.autoconfigure.XmlFactoryBuilderCustomizer",
			"org.springframework.http.converter.xml.JacksonXmlHttpMessageConverter" };

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Jackson XML unused");
		if (Binder.get(context.getEnvironment())
			.bind("spring.jackson.xml", Bindable.mapOf(String.class, Object.class))
			.map(Map::size)
			.orElse(0) > 0) {
			return ConditionOutcome.noMatch(message.because("spring.jackson.xml is set"));
		}
		String bean = ownBean(context);
		return (bean != null) ? ConditionOutcome.noMatch(message.because("the application has bean '" + bean + "'"))
				: ConditionOutcome.match(message.because("nothing in the application asks for it"));
	}

	private static @Nullable String ownBean(ConditionContext context) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		if (beanFactory == null) {
			return null;
		}
		for (String sign : SIGNS) {
			if (ClassUtils.isPresent(sign, context.getClassLoader())) {
				Class<?> type = ClassUtils.resolveClassName(sign, context.getClassLoader());
				for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
					if (!beanFactory.containsBeanDefinition(name)
							|| !JacksonXmlRemover.isBoots(beanFactory.getBeanDefinition(name))) {
						return name;
					}
				}
			}
		}
		return null;
	}

}
