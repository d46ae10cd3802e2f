package io.threescale.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.threescale.spring.sandbox.ThreeScaleSandbox;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Meters the application under test by a {@link ThreeScaleSandbox} that knows the given
 * applications. <pre class="code">
 * &#064;SpringBootTest
 * &#064;AutoConfigureMockMvc
 * &#064;ThreeScaleTest(applications = &#064;Application(userKey = "app-1"))
 * class SearchTests {
 *
 *     &#064;Test
 *     void searchIsMetered(&#064;Autowired MockMvcTester mvc, &#064;Autowired ThreeScaleSandbox threeScale) {
 *         assertThat(mvc.get().uri("/search").header("user-key", "app-1")).hasStatusOk();
 *         assertThat(threeScale).reported("app-1", "hits", 1);
 *     }
 *
 * }
 * </pre>
 * <p>
 * The sandbox takes the place of whatever the application is connected to:
 * {@code threescale.url}, {@code service-id}, {@code service-token},
 * {@code provider-key}, {@code connection.proxy}, {@code sandbox} and
 * {@code reporting.spool} do not count, nor does {@code threescale.enabled}. All else is
 * as the application has it. If it does not set {@code threescale.credentials.kind}, that
 * follows from the applications given here.
 * <p>
 * Goes with {@code @SpringBootTest}, with slices such as {@code @WebMvcTest}, on
 * annotations of your own and around {@code @Nested} classes. Tests with equal
 * annotations share an application context. Before each test method the sandbox is
 * {@linkplain ThreeScaleSandbox#reset() reset}, and goes forward to the start of a
 * minute, so that limits do not begin anew while the test runs. Tests that share a
 * context must not run in parallel.
 *
 * @since 0.1.0
 * @see ThreeScaleAssertions
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface ThreeScaleTest {

	/**
	 * Return who may call. All of them identify themselves by the same kind of
	 * credentials.
	 * @return the applications
	 */
	Application[] applications();

	/**
	 * Return what is counted. The metric {@code hits} and metrics with limits need not be
	 * named, unless they have methods or are some.
	 * @return the metrics
	 */
	Metric[] metrics() default {};

	/**
	 * An application that calls: with a {@code userKey}, with an {@code appId}, or as an
	 * {@code oauthClient}.
	 *
	 * @since 0.1.0
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface Application {

		/**
		 * Return the API key.
		 * @return the API key
		 */
		String userKey() default "";

		/**
		 * Return the application id. Next to a {@code userKey} it is what usage is
		 * counted by.
		 * @return the application id
		 */
		String appId() default "";

		/**
		 * Return the application keys, of which a caller has to send one.
		 * @return the keys that go with the {@code appId}
		 */
		String[] appKeys() default {};

		/**
		 * Return the id of an OAuth client, as the application's own
		 * {@code CredentialsResolver} finds it in a token.
		 * @return the id of the client
		 */
		String oauthClient() default "";

		/**
		 * Return the name of the plan, as answers show it.
		 * @return the name of the plan
		 */
		String plan() default "test";

		/**
		 * Return the limits of the plan.
		 * @return the limits; none allows everything
		 */
		Limit[] limits() default {};

		/**
		 * Return whether the application is suspended.
		 * @return whether every call is denied
		 */
		boolean suspended() default false;

	}

	/**
	 * How much of a metric is allowed in a calendar period.
	 *
	 * @since 0.1.0
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface Limit {

		/**
		 * Return what is limited.
		 * @return the system name of the metric
		 */
		String metric() default "hits";

		/**
		 * Return how much is allowed.
		 * @return the most that is allowed; 0 switches the metric off
		 */
		long max();

		/**
		 * Return when the limit begins anew.
		 * @return the period
		 */
		CalendarPeriod period();

	}

	/**
	 * A metric.
	 *
	 * @since 0.1.0
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface Metric {

		/**
		 * Return what the metric is called.
		 * @return the system name
		 */
		String value();

		/**
		 * Return the metrics whose usage 3scale adds to this one. One that has methods of
		 * its own is described by a further {@code @Metric}.
		 * @return the system names of its methods
		 */
		String[] methods() default {};

	}

}
