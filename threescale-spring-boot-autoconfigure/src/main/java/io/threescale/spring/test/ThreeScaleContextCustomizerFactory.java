package io.threescale.spring.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * Finds {@link ThreeScaleTest} on a test class.
 */
final class ThreeScaleContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		ThreeScaleTest test = TestContextAnnotationUtils.findMergedAnnotation(testClass, ThreeScaleTest.class);
		return (test != null) ? new ThreeScaleContextCustomizer(TestWorld.of(test)) : null;
	}

}
