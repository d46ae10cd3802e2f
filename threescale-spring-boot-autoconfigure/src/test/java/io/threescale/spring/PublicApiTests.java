package io.threescale.spring;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jetbrains.annotations.ApiStatus;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users may name, and why they would. Whatever else is public is marked as internal:
 * it is public because another package of ours needs it, and may change at any time.
 */
class PublicApiTests {

	private static final String PACKAGE = "io.threescale.spring";

	private static final String API = """
			ApplicationCredentials: who calls
			ApplicationStatus: what 3scale tells of an application
			Authorization: an answer of 3scale
			ErrorCode: why 3scale refuses
			LimitHeaders: the limit that is reached first
			MetricHierarchy: which methods count for which metric
			OAuthApplication: the application behind an OAuth client
			PartialReportException: which transactions to report again
			Period: of a limit
			PeriodWindow: when a period begins and ends
			ServiceCredentials: who asks 3scale
			ThreeScaleException: to catch whatever the client throws
			ThreeScaleMisconfiguredException: to catch what the application has to mend
			ThreeScaleUnavailableException: to catch what 3scale has to mend
			Transaction: usage to report
			Usage: what a call uses
			UsageReport: a limit, and how much of it is used
			autoconfigure.CredentialsSource: a value of a property
			autoconfigure.ThreeScaleAiProperties: the properties, bound
			autoconfigure.ThreeScaleApplicationProperties: the properties, bound
			autoconfigure.ThreeScaleConnectionDetails: a bean to supply address and token
			autoconfigure.ThreeScaleCredentialsProperties: the properties, bound
			autoconfigure.ThreeScaleFleetProperties: the properties, bound
			autoconfigure.ThreeScaleLintProperties: the properties, bound
			autoconfigure.ThreeScalePredictionProperties: the properties, bound
			autoconfigure.ThreeScaleProperties: the properties, bound
			autoconfigure.ThreeScaleReportingProperties: the properties, bound
			autoconfigure.ThreeScaleRulesProperties: the properties, bound
			autoconfigure.ThreeScaleSandboxProperties: the properties, bound
			autoconfigure.ThreeScaleWebClientCustomizer: a bean to change how 3scale is called
			client.AuthorizationRequest: a question for the client
			client.http.ConnectionSettings: how the client connects
			client.Extension: what else to ask for
			client.ReactiveThreeScaleClient: a bean to call 3scale with
			client.ReactiveThreeScaleClientExtensionsKt: functions for Kotlin
			client.ReportRequest: a report for the client
			client.ThreeScaleClient: a bean to call 3scale with
			client.ThreeScaleClientBuilder: a client without Spring Boot
			client.reporting.AmbiguousPolicy: a value of a property
			client.reporting.DeadLetter: what a listener hears
			client.reporting.DeadLetterListener: a bean to hear of usage that 3scale never takes
			credentials.CredentialsKind: a value of a property
			credentials.CredentialsResolver: a bean to find out who calls
			credentials.InvalidCredentialsException: what such a bean throws
			metering.ApplicationNames: names in logs and at the endpoint
			metering.ChargeOn: a value of a property and of the annotation
			metering.CompletedCall: what a measure is told
			metering.Enforcement: a value of a property
			metering.FailurePolicy: a value of a property
			metering.InvalidMeteringException: why an annotation makes no sense
			metering.Measure: usage that is known at the end
			metering.MeteredCall: to add usage, as argument of a handler
			metering.MeteredOperation: what a usage resolver answers
			metering.MeteringDecision: what a listener hears
			metering.MeteringListener: a bean to hear of decisions
			metering.MeteringOutcome: what a listener hears
			metering.ServiceResolver: a bean to choose a service
			metering.ThreeScaleMetered: the annotation
			metering.ThreeScaleTemplate: a bean to meter any code
			metering.ThreeScaleTemplateExtensionsKt: functions for Kotlin
			metering.ThreeScaleUnmetered: the annotation
			metering.UsageResolver: a bean to find out what a call uses
			metering.event.ApplicationDeniedEvent: what an event listener hears
			metering.event.BackendAvailabilityEvent: what an event listener hears
			metering.event.LimitShareReachedEvent: what an event listener hears
			metering.method.MethodCredentialsResolver: a bean to find out for whom a method works
			metering.problem.CallDeniedException: to handle 403 and 429
			metering.problem.CredentialsMissingException: to handle 401
			metering.problem.MeteringException: to handle all denials
			metering.problem.MeteringUnavailableException: to handle 503
			observation.DefaultMeteringObservationConvention: to derive one's own from
			observation.DefaultThreeScaleClientObservationConvention: to derive one's own from
			observation.MeteringObservation: the names of keys
			observation.MeteringObservationContext: what a convention is told
			observation.MeteringObservationConvention: a bean to name observations
			observation.ThreeScaleClientObservation: the names of keys
			observation.ThreeScaleClientObservationContext: what a convention is told
			observation.ThreeScaleClientObservationConvention: a bean to name observations
			sandbox.CountedTransaction: what the sandbox has counted
			sandbox.Fault: makes the sandbox fail
			sandbox.IntegrationError: what the sandbox could not count
			sandbox.SandboxApplication: describes what is in the sandbox
			sandbox.SandboxLimit: describes what is in the sandbox
			sandbox.SandboxMetric: describes what is in the sandbox
			sandbox.SandboxOperation: what the sandbox can be asked
			sandbox.SandboxPlan: describes what is in the sandbox
			sandbox.SandboxProvider: describes what is in the sandbox
			sandbox.SandboxService: describes what is in the sandbox
			sandbox.SandboxWorld: describes what is in the sandbox
			sandbox.ThreeScaleSandbox: the sandbox
			security.ClaimCredentialsResolver: callers known by a claim of their token
			security.ThreeScaleAuthentication: the caller, in access rules
			security.ThreeScaleAuthenticationConverter: the caller, in a filter chain of one's own
			security.ThreeScaleConfigurer: adds the caller to a filter chain
			security.ThreeScaleServerConfigurer: adds the caller to a filter chain of WebFlux
			test.CalendarPeriod: keeps a test from running into the next period
			test.ThreeScaleAssertions: assertions about the sandbox
			test.ThreeScaleSandboxAssert: assertions about the sandbox
			test.ThreeScaleTest: the annotation for tests
			""";

	/** Without what they use, which takes seconds to read. */
	private final JavaClasses classes = ArchConfiguration.withThreadLocalScope((configuration) -> {
		configuration.setResolveMissingDependenciesFromClassPath(false);
		return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(PACKAGE);
	});

	@Test
	void listsWhatUsersMayName() {
		Map<String, String> reasons = API.lines()
			.map((line) -> line.split(": ", 2))
			.collect(
					Collectors.toMap((entry) -> entry[0], (entry) -> entry[1], (first, second) -> first, TreeMap::new));
		assertThat(publicTypes()).containsExactlyElementsOf(reasons.keySet());
	}

	private TreeSet<String> publicTypes() {
		return this.classes.stream()
			.filter((type) -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> !type.isAnnotatedWith(AutoConfiguration.class) && !isInternal(type))
			.map((type) -> type.getName().substring(PACKAGE.length() + 1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static boolean isInternal(JavaClass type) {
		return type.isAnnotatedWith(ApiStatus.Internal.class)
				|| type.getPackage().isAnnotatedWith(ApiStatus.Internal.class);
	}

}
