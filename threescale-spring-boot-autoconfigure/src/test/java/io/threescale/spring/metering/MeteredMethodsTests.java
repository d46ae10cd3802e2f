package io.threescale.spring.metering;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.annotation.AliasFor;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.method.HandlerMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the annotations mean, and which make no sense.
 */
class MeteredMethodsTests {

	private final MeteredMethods methods = new MeteredMethods(new MockEnvironment().withProperty("api.metric", "search")
		.withProperty("api.units", "7")::resolveRequiredPlaceholders, ChargeOn.ADMISSION, Set.of("partner"));

	@Test
	void whenAnnotationIsBareThenOneHit() {
		assertThat(usage(new OnMethods(), "bare")).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void whenValueThenThatMetric() {
		assertThat(usage(new OnMethods(), "value")).isEqualTo(Map.of("search", 1L));
	}

	@Test
	void whenMetricAndDeltaThenThose() {
		assertThat(usage(new OnMethods(), "delta")).isEqualTo(Map.of("upload", 5L));
	}

	@Test
	void whenUsageThenAllOfIt() {
		assertThat(usage(new OnMethods(), "usage")).isEqualTo(Map.of("search", 1L, "kilo=bytes", 20L));
	}

	@Test
	void whenRepeatedThenAllOfThem() {
		assertThat(usage(new OnMethods(), "repeated")).isEqualTo(Map.of("search", 1L, "upload", 2L, "mails", 3L));
	}

	@Test
	void whenPlaceholdersThenResolved() {
		assertThat(usage(new OnMethods(), "placeholders")).isEqualTo(Map.of("search", 1L));
		assertThat(usage(new OnMethods(), "placeholderUsage")).isEqualTo(Map.of("search", 7L));
	}

	@Test
	void whenMetaAnnotationThenItsUsage() {
		assertThat(usage(new OnMethods(), "meta")).isEqualTo(Map.of("upload", 1L));
		assertThat(usage(new OnMethods(), "metaWithAlias")).isEqualTo(Map.of("upload", 9L));
		assertThat(usage(new OnMethods(), "metaAndDirect")).isEqualTo(Map.of("upload", 1L, "hits", 1L));
	}

	@Test
	void whenNothingIsSaidThenUnmetered() {
		assertThat(operation(new OnMethods(), "nothing")).isNull();
	}

	@Test
	void whenClassIsAnnotatedThenAllItsMethods() {
		assertThat(usage(new OnClass(), "plain")).isEqualTo(Map.of("hits", 1L));
	}

	@Test
	void whenMethodAndClassThenMethodReplacesClass() {
		assertThat(usage(new OnClass(), "own")).isEqualTo(Map.of("search", 1L));
		assertThat(operation(new OnClass(), "free")).isNull();
		assertThat(operation(new OnClass(), "metaFree")).isNull();
	}

	@Test
	void whenSuperclassIsAnnotatedThenSubclassToo() {
		assertThat(usage(new Inheriting(), "plain")).isEqualTo(Map.of("hits", 1L));
		assertThat(usage(new Inheriting(), "added")).isEqualTo(Map.of("hits", 1L));
		assertThat(usage(new Inheriting(), "own")).isEqualTo(Map.of("upload", 1L));
	}

	@Test
	void whenSubclassIsUnmeteredThenOnlyAnnotatedMethodsAre() {
		assertThat(operation(new OptingOut(), "plain")).isNull();
		assertThat(usage(new OptingOut(), "own")).isEqualTo(Map.of("search", 1L));
	}

	@Test
	void whenInterfaceMethodIsAnnotatedThenImplementationToo() {
		assertThat(usage(new Implementing(), "contract")).isEqualTo(Map.of("search", 1L));
		assertThat(usage(new Implementing(), "redefined")).isEqualTo(Map.of("upload", 1L));
		assertThat(operation(new Implementing(), "released")).isNull();
		assertThat(usage(new Implementing(), "generic")).isEqualTo(Map.of("mails", 1L));
	}

	@Test
	void whenMetaUnmeteredIsNearerThenItCounts() {
		assertThat(operation(new NearerByMeta(), "contract")).isNull();
	}

	@Test
	void whenProxiedThenAnnotationsOfTheTarget() {
		ProxyFactory factory = new ProxyFactory(new OnMethods());
		factory.setProxyTargetClass(true);
		HandlerMethod handler = handler(factory.getProxy(), "value");
		MeteredOperation operation = read(handler);
		assertThat(operation).isNotNull();
		assertThat(operation.usage().increments()).isEqualTo(Map.of("search", 1L));
		assertThat(operation.name()).isEqualTo("OnMethods.value");
	}

	@Test
	void shouldReadAnnotationsOnce() {
		HandlerMethod handler = handler(new OnMethods(), "value");
		assertThat(read(handler)).isSameAs(read(handler(new OnMethods(), "value")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			blankMetric       | Metric '' must be a system name, without square brackets
			brackets          | Metric 'a[b]' must be a system name, without square brackets
			noDelta           | Metric 'hits' must be used by 1 unit or more, not 0
			negativeDelta     | Metric 'hits' must be used by 1 unit or more, not -1
			hugeDelta         | Usage of metric 'hits' must be between 0 and 1000000000000000, not 9223372036854775807
			usageAndMetric    | 'usage' stands instead of 'metric' and 'delta', not beside them
			usageAndValue     | 'usage' stands instead of 'metric' and 'delta', not beside them
			usageAndDelta     | 'usage' stands instead of 'metric' and 'delta', not beside them
			noEquals          | 'search' in 'usage' must read 'metric=units'
			noNumber          | 'search=many' in 'usage' must end with a whole number
			fraction          | 'search=1.5' in 'usage' must end with a whole number
			nothingUsed       | Metric 'search' must be used by 1 unit or more, not 0
			noName            | Metric '' must be a system name, without square brackets
			twice             | Metric 'search' is named twice
			twiceRepeated     | Metric 'hits' is named twice
			contradiction     | @ThreeScaleMetered and @ThreeScaleUnmetered contradict each other
			unresolvable      | Could not resolve placeholder 'api.absent' in value "${api.absent}"
			""")
	void whenNonsenseThenNamesTheMethod(String method, String problem) {
		assertThatExceptionOfType(InvalidMeteringException.class)
			.isThrownBy(() -> read(handler(new Nonsense(), method)))
			.satisfies((ex) -> assertThat(ex.problem()).isEqualTo(problem))
			.withMessageContaining("MeteredMethodsTests$Nonsense." + method + "()");
	}

	@Test
	void whenClassContradictsItselfThenNamesTheMethod() {
		assertThatExceptionOfType(InvalidMeteringException.class)
			.isThrownBy(() -> read(handler(new Contradicting(), "method")))
			.withMessageContaining("Contradicting.method()");
	}

	private Map<String, Long> usage(Object bean, String method) {
		MeteredOperation operation = operation(bean, method);
		assertThat(operation).isNotNull();
		assertThat(operation.name()).isEqualTo(bean.getClass().getSimpleName() + "." + method);
		return operation.usage().increments();
	}

	private @Nullable MeteredOperation operation(Object bean, String method) {
		return read(handler(bean, method));
	}

	private @Nullable MeteredOperation read(HandlerMethod handler) {
		return this.methods.of(handler.getBeanType(), handler.getMethod()).operation();
	}

	private static HandlerMethod handler(Object bean, String name) {
		Method method = Arrays.stream(bean.getClass().getMethods())
			.filter((candidate) -> candidate.getName().equals(name) && !candidate.isBridge())
			.findFirst()
			.orElseThrow();
		return new HandlerMethod(bean, method);
	}

	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@ThreeScaleMetered("upload")
	@interface Upload {

		@AliasFor(annotation = ThreeScaleMetered.class, attribute = "delta")
		long units() default 1;

	}

	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@ThreeScaleUnmetered
	@interface Free {

	}

	public static class OnMethods {

		@ThreeScaleMetered
		public void bare() {
		}

		@ThreeScaleMetered("search")
		public void value() {
		}

		@ThreeScaleMetered(metric = "upload", delta = 5)
		public void delta() {
		}

		@ThreeScaleMetered(usage = { "search=1", " kilo=bytes = 20 " })
		public void usage() {
		}

		@ThreeScaleMetered("search")
		@ThreeScaleMetered(metric = "upload", delta = 2)
		@ThreeScaleMetered(usage = "mails=3")
		public void repeated() {
		}

		@ThreeScaleMetered("${api.metric}")
		public void placeholders() {
		}

		@ThreeScaleMetered(usage = "${api.metric}=${api.units}")
		public void placeholderUsage() {
		}

		@Upload
		public void meta() {
		}

		@Upload(units = 9)
		public void metaWithAlias() {
		}

		@Upload
		@ThreeScaleMetered
		public void metaAndDirect() {
		}

		public void nothing() {
		}

	}

	@ThreeScaleMetered
	public static class OnClass {

		public void plain() {
		}

		@ThreeScaleMetered("search")
		public void own() {
		}

		@ThreeScaleUnmetered
		public void free() {
		}

		@Free
		public void metaFree() {
		}

	}

	public static class Inheriting extends OnClass {

		@Override
		@ThreeScaleMetered("upload")
		public void own() {
		}

		public void added() {
		}

	}

	@ThreeScaleUnmetered
	public static class OptingOut extends OnClass {

	}

	interface Contract<T> {

		@ThreeScaleMetered("search")
		void contract();

		@ThreeScaleMetered("search")
		void redefined();

		@ThreeScaleMetered("search")
		void released();

		@ThreeScaleMetered("mails")
		void generic(T value);

	}

	public static class Implementing implements Contract<String> {

		@Override
		public void contract() {
		}

		@Override
		@ThreeScaleMetered("upload")
		public void redefined() {
		}

		@Override
		@ThreeScaleUnmetered
		public void released() {
		}

		@Override
		public void generic(String value) {
		}

	}

	interface AlsoReleased {

		@ThreeScaleUnmetered
		void contract();

	}

	public abstract static class MeteredBase implements AlsoReleased {

		@Override
		@ThreeScaleMetered("search")
		public void contract() {
		}

	}

	public static class NearerByMeta extends MeteredBase {

		@Override
		@Free
		public void contract() {
		}

	}

	public static class Nonsense {

		@ThreeScaleMetered("")
		public void blankMetric() {
		}

		@ThreeScaleMetered("a[b]")
		public void brackets() {
		}

		@ThreeScaleMetered(delta = 0)
		public void noDelta() {
		}

		@ThreeScaleMetered(delta = -1)
		public void negativeDelta() {
		}

		@ThreeScaleMetered(delta = Long.MAX_VALUE)
		public void hugeDelta() {
		}

		@ThreeScaleMetered(metric = "search", usage = "upload=1")
		public void usageAndMetric() {
		}

		@ThreeScaleMetered(value = "search", usage = "upload=1")
		public void usageAndValue() {
		}

		@ThreeScaleMetered(delta = 2, usage = "upload=1")
		public void usageAndDelta() {
		}

		@ThreeScaleMetered(usage = "search")
		public void noEquals() {
		}

		@ThreeScaleMetered(usage = "search=many")
		public void noNumber() {
		}

		@ThreeScaleMetered(usage = "search=1.5")
		public void fraction() {
		}

		@ThreeScaleMetered(usage = "search=0")
		public void nothingUsed() {
		}

		@ThreeScaleMetered(usage = "=1")
		public void noName() {
		}

		@ThreeScaleMetered(usage = { "search=1", "search=2" })
		public void twice() {
		}

		@ThreeScaleMetered
		@ThreeScaleMetered
		public void twiceRepeated() {
		}

		@ThreeScaleMetered
		@ThreeScaleUnmetered
		public void contradiction() {
		}

		@ThreeScaleMetered("${api.absent}")
		public void unresolvable() {
		}

	}

	@ThreeScaleMetered
	@ThreeScaleUnmetered
	public static class Contradicting {

		public void method() {
		}

	}

}
