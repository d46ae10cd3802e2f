package io.threescale.spring.metering;

import java.math.BigDecimal;
import java.util.Set;

import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * Finds out how many units of a metric a call has used, when it is done: a SpEL
 * expression over the variables {@code #request}, {@code #path}, {@code #status} and
 * {@code #result}, which are those of {@link CompletedCall}.
 *
 * @param metric the system name of the metric
 * @param units the expression
 * @since 0.1.0
 */
public record Measure(String metric, SpelExpression units) {

	private static final Set<String> VARIABLES = Set.of("#request", "#path", "#status", "#result", "#root", "#this");

	private static final SpelExpressionParser PARSER = new SpelExpressionParser(
			new SpelParserConfiguration(SpelCompilerMode.MIXED, Measure.class.getClassLoader()));

	/**
	 * Create a measure.
	 * @param metric the system name of the metric
	 * @param units the expression
	 * @return the measure
	 * @throws IllegalArgumentException if the expression cannot be read, or has a
	 * variable that there is not
	 */
	public static Measure of(String metric, String units) {
		try {
			SpelExpression expression = PARSER.parseRaw(units);
			requireKnownVariables(expression.getAST(), units);
			return new Measure(metric, expression);
		}
		catch (ParseException ex) {
			throw new IllegalArgumentException("'" + units + "' cannot be read: " + ex.getSimpleMessage(), ex);
		}
	}

	private static void requireKnownVariables(SpelNode node, String units) {
		if (node instanceof VariableReference variable && !VARIABLES.contains(variable.toStringAST())) {
			throw new IllegalArgumentException("'" + units + "' uses " + variable.toStringAST()
					+ ", but there are #request, #path, #status and #result only");
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			requireKnownVariables(node.getChild(i), units);
		}
	}

	/**
	 * Measure a call.
	 * @throws RuntimeException if the call has nothing of what the expression needs, what
	 * the expression calls fails, or what comes out is no whole number
	 */
	long of(CompletedCall call) {
		SimpleEvaluationContext context = SimpleEvaluationContext.forReadOnlyDataBinding()
			.withInstanceMethods()
			.build();
		context.setVariable("request", call.request());
		context.setVariable("path", call.path());
		context.setVariable("status", call.status());
		context.setVariable("result", call.result());
		if (this.units.getValue(context) instanceof Number number) {
			return new BigDecimal(number.toString()).longValueExact();
		}
		throw new IllegalArgumentException("The value is no number of units");
	}

}
