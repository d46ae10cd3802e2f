package io.threescale.spring.autoconfigure;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.type.MethodMetadata;

/**
 * Removes the beans Spring Boot adds for Jackson XML. Their conditions ask for the class
 * only, so they cannot be kept out in the first place.
 */
final class JacksonXmlRemover implements BeanDefinitionRegistryPostProcessor, PriorityOrdered {

	private static final String MAPPERS = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration$XmlConfiguration";

	private static final String CONVERTERS = "org.springframework.boot.http.converter.autoconfigure."
			+ "JacksonHttpMessageConvertersConfiguration$JacksonXmlHttpMessageConverterConfiguration";

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		for (String name : registry.getBeanDefinitionNames()) {
			if (isBoots(registry.getBeanDefinition(name))) {
				registry.removeBeanDefinition(name);
			}
		}
	}

	static boolean isBoots(BeanDefinition definition) {
		MethodMetadata factoryMethod = (definition instanceof AnnotatedBeanDefinition annotated)
				? annotated.getFactoryMethodMetadata() : null;
		String declaredBy = (factoryMethod != null) ? factoryMethod.getDeclaringClassName() : "";
		return declaredBy.startsWith(MAPPERS) || declaredBy.equals(CONVERTERS);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
