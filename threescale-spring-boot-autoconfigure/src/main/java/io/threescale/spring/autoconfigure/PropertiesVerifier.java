package io.threescale.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Verifies the properties before any other bean of the application is made: that somebody
 * reads them, that what they refer to is there, and that they lead to 3scale, if they
 * have to. Nothing needs to be set yet when an application is processed ahead of time.
 *
 * @param environment holds the properties
 */
record PropertiesVerifier(ConfigurableEnvironment environment) implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return;
		}
		List<ConfigurationPropertySource> sources = new ArrayList<>();
		ConfigurationPropertySources.from(this.environment.getPropertySources()).forEach(sources::add);
		InvalidThreeScaleConfigurationException.throwIfAny(new UnknownProperties(sources).find());
		boolean connection = isDefined(beanFactory, PropertiesThreeScaleConnectionDetails.class);
		List<PropertyNames> read = PropertyNames.ALL.stream()
			.filter((names) -> isDefined(beanFactory, names.type()))
			.toList();
		InvalidThreeScaleConfigurationException
			.throwIfAny(new OpenPlaceholders(sources, this.environment).find(read, connection));
		if (connection) {
			verifyConnection();
		}
	}

	private static boolean isDefined(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		return beanFactory.getBeanNamesForType(type, false, false).length > 0;
	}

	private void verifyConnection() {
		try {
			new PropertiesThreeScaleConnectionDetails(
					Binder.get(this.environment).bindOrCreate("threescale", ThreeScaleProperties.class));
		}
		catch (BindException ex) {
			// The bean of these properties fails likewise, and its failure says more
		}
	}

}
