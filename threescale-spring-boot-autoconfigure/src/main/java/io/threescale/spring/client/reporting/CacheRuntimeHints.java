package io.threescale.spring.client.reporting;

import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Has the classes at hand in a native image that Caffeine looks up by their names. The
 * metadata that others publish for it does not know our copy of it.
 */
final class CacheRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Stream.of("SSMSW", "SSLMSW", "SSLSMSW", "PSWMS", "WS", "Interned")
			.map((name) -> TypeReference.of(Caffeine.class.getPackageName() + "." + name))
			.forEach((type) -> hints.reflection()
				.registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
						MemberCategory.ACCESS_DECLARED_FIELDS));
	}

}
