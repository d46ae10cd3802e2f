package io.threescale.spring.metering;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Has 3scale authorize, limit and count the calls of a controller method, or of all
 * methods of a controller. An annotation of the method replaces that of the class; both
 * may stand on an interface or a superclass, or on an annotation of your own. Repeated,
 * the usages add up to one call of 3scale.
 *
 * <pre class="code">
 * &#64;GetMapping("/search")
 * &#64;ThreeScaleMetered("search")
 * List&lt;Result&gt; search(@RequestParam String query) {
 * </pre>
 *
 * @since 0.1.0
 * @see ThreeScaleUnmetered
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(ThreeScaleMetered.Container.class)
public @interface ThreeScaleMetered {

	/**
	 * Alias for {@link #metric}.
	 * @return the system name of the metric
	 */
	@AliasFor("metric")
	String value() default "hits";

	/**
	 * The system name of the metric a call uses. <code>${…}</code> is resolved. Name a
	 * method alone, never with its parent: 3scale adds to the parent by itself.
	 * @return the system name of the metric
	 */
	@AliasFor("value")
	String metric() default "hits";

	/**
	 * How many units of the metric a call uses. Where {@link #units} or a
	 * {@link MeteredCall} tells in the end, it is what a call is authorized for.
	 * @return the units, one or more
	 */
	long delta() default 1;

	/**
	 * How many units a call has used, known when it is done: a SpEL expression, as in
	 * {@code #result.size()}. Its variables are
	 * <ul>
	 * <li>{@code #request}, an {@link org.springframework.http.HttpRequest}; {@code null}
	 * if the call is none;</li>
	 * <li>{@code #path}, a {@code Map<String, String>} of the variables of the path;</li>
	 * <li>{@code #status}, an {@code int}: the HTTP status answered; 200 or 500 if the
	 * call is no HTTP request;</li>
	 * <li>{@code #result}, what the handler returned to become the body; {@code null} if
	 * there is none, it is a stream, or the call failed.</li>
	 * </ul>
	 * It has to give a whole number, nought or more. A call it cannot be computed for is
	 * charged {@link #delta}, and a WARN says so. An expression that cannot be read, or
	 * names another variable, fails the start. <code>${…}</code> is resolved.
	 * @return the expression
	 * @see CompletedCall
	 */
	String units() default "";

	/**
	 * Several metrics, each as {@code metric=units}, instead of {@link #metric} and
	 * {@link #delta}. <code>${…}</code> is resolved.
	 * @return the usage
	 */
	String[] usage() default {};

	/**
	 * When a call is charged: {@code admission}, {@code completion}, {@code success}, or
	 * HTTP statuses such as {@code 2xx,404}; {@code threescale.charge-on} if empty. A
	 * call charged when it is done takes two requests to 3scale, and is not counted
	 * meanwhile. <code>${…}</code> is resolved.
	 * @return when to charge
	 * @see ChargeOn
	 */
	String chargeOn() default "";

	/**
	 * The service a call belongs to: a name under {@code threescale.services}; the
	 * default one if empty, unless a {@link ServiceResolver} knows better.
	 * <code>${…}</code> is resolved.
	 * @return the name
	 */
	String service() default "";

	/**
	 * Whether calls that 3scale denies are refused. If not, every call passes, and what
	 * would have become of it is told: see {@link Enforcement#SHADOW}.
	 * @return whether denials are enforced
	 */
	boolean enforce() default true;

	/**
	 * Whether calls beyond a limit pass, and are charged all the same. The controller can
	 * tell by its {@link io.threescale.spring.Authorization}, which is a denial then.
	 * @return whether limits are soft
	 * @see Enforcement#SOFT_LIMIT
	 */
	boolean softLimit() default false;

	/**
	 * Holds repeated annotations.
	 */
	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Documented
	@interface Container {

		/**
		 * The repeated annotations.
		 * @return the annotations
		 */
		ThreeScaleMetered[] value();

	}

}
