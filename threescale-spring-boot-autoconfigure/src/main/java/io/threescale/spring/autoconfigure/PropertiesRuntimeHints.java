package io.threescale.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Has the records that properties are bound to at hand in a native image, those that only
 * another mode reads too: their names are looked up by reflection.
 */
final class PropertiesRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		PropertyNames.ALL.forEach((names) -> new BindingReflectionHintsRegistrar()
			.registerReflectionHints(hints.reflection(), names.type()));
	}

}
