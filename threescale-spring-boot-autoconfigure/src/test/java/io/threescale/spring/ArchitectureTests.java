package io.threescale.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.io.ClassPathResource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The packages and the arrows between them.
 */
@AnalyzeClasses(packages = "io.threescale.spring", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.threescale.spring";

	@ArchTest
	static final ArchRule vocabularyUsesTheJdkOnly = classes().that()
		.resideInAPackage(ROOT)
		.should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage(ROOT, "java..", "org.jspecify..");

	@ArchTest
	static final ArchRule answersAreReadByThemselves = uses("client.answer");

	@ArchTest
	static final ArchRule httpCarriesAnswers = uses("client.http", "client.answer");

	@ArchTest
	static final ArchRule clientUsesHttpAndAnswers = uses("client", "client.http", "client.answer");

	@ArchTest
	static final ArchRule credentialsUseTheVocabulary = uses("credentials");

	@ArchTest
	static final ArchRule sandboxUsesTheVocabulary = uses("sandbox");

	@ArchTest
	static final ArchRule predictionUsesReporting = uses("client.predictive", "client", "client.reporting");

	@ArchTest
	static final ArchRule reportingUsesTheClient = uses("client.reporting", "client", "client.http",
			"client.reporting.spool");

	@ArchTest
	static final ArchRule fleetUsesWhatItShares = uses("client.fleet", "client", "client.reporting",
			"client.reporting.spool", "client.predictive");

	@ArchTest
	static final ArchRule onlyTheFleetKnowsRedis = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".client.fleet", ROOT + ".autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.data.redis..", "io.lettuce..");

	@ArchTest
	static final ArchRule spoolUsesTheVocabulary = uses("client.reporting.spool");

	@ArchTest
	static final ArchRule meteringUsesClientAndCredentials = uses("metering", "client", "client.reporting",
			"credentials", "metering.problem");

	@ArchTest
	static final ArchRule problemsUseTheVocabulary = uses("metering.problem");

	@ArchTest
	static final ArchRule eventsUseMetering = uses("metering.event", "metering", "metering.problem");

	@ArchTest
	static final ArchRule circuitBreakerUsesClient = uses("client.circuitbreaker", "client");

	@ArchTest
	static final ArchRule verificationUsesMetering = uses("metering.verification", "client", "client.reporting",
			"metering", "metering.rules");

	@ArchTest
	static final ArchRule servletUsesMetering = uses("metering.servlet", "client", "credentials", "metering",
			"metering.problem", "metering.rules", "metering.verification");

	@ArchTest
	static final ArchRule reactiveUsesMetering = uses("metering.reactive", "client", "credentials", "metering",
			"metering.problem", "metering.rules", "metering.verification");

	@ArchTest
	static final ArchRule rulesUseMetering = uses("metering.rules", "client", "credentials", "metering");

	@ArchTest
	static final ArchRule securityUsesMetering = uses("security", "client", "credentials", "metering",
			"metering.problem", "metering.servlet", "metering.reactive");

	@ArchTest
	static final ArchRule openApiUsesMetering = uses("openapi", "client", "credentials", "metering");

	@ArchTest
	static final ArchRule onlyOpenApiKnowsSpringdoc = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".openapi", ROOT + ".autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springdoc..", "io.swagger..");

	@ArchTest
	static final ArchRule methodsUseMetering = uses("metering.method", "client", "credentials", "metering",
			"metering.problem");

	@ArchTest
	static final ArchRule observationUsesMeteringAndClient = uses("observation", "client", "client.predictive",
			"client.reporting", "metering");

	@ArchTest
	static final ArchRule actuateUsesWhatItShows = uses("actuate", "client", "client.circuitbreaker",
			"client.reporting", "client.predictive", "metering", "metering.event", "metering.rules",
			"metering.verification");

	/**
	 * In each generation of Spring Boot, as the tests run on the older one with classes
	 * that were compiled for the newer one.
	 */
	@ArchTest
	static final ArchRule nothingIsUsedThatOneGenerationLacks = classes()
		.should(useOnlyWhatIsThere("org.springframework.boot..", "org.springframework.security..", "io.micrometer.."));

	@ArchTest
	static final ArchRule onlyActuateKnowsTheActuator = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".actuate", ROOT + ".autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..");

	@ArchTest
	static final ArchRule testSupportUsesWhatItWires = uses("test", "client.reporting", "client.predictive", "sandbox",
			"autoconfigure");

	@ArchTest
	static final ArchRule nobodyUsesTestSupport = noClasses().that()
		.resideOutsideOfPackage(ROOT + ".test")
		.should()
		.dependOnClassesThat()
		.resideInAPackage(ROOT + ".test");

	@ArchTest
	static final ArchRule onlyTestSupportKnowsTestFrameworks = noClasses().that()
		.resideOutsideOfPackage(ROOT + ".test")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.test..", "org.springframework.boot.test..", "org.assertj..");

	@ArchTest
	static final ArchRule nobodyUsesAutoconfigure = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".autoconfigure", ROOT + ".test")
		.should()
		.dependOnClassesThat()
		.resideInAPackage(ROOT + ".autoconfigure");

	@ArchTest
	static final ArchRule packagesHaveNoCycles = SlicesRuleDefinition.slices()
		.matching("io.threescale.(**)")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule coreKnowsNeitherBootNorServer = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".autoconfigure", ROOT + ".metering.servlet", ROOT + ".metering.reactive",
				ROOT + ".security", ROOT + ".actuate", ROOT + ".test")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot..", "jakarta.servlet..", "org.springframework.web.servlet..");

	@ArchTest
	static final ArchRule servletDoesNotKnowBoot = noClasses().that()
		.resideInAnyPackage(ROOT + ".metering.servlet", ROOT + ".security")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule onlySecurityKnowsSpringSecurity = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".security", ROOT + ".autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.security..");

	/**
	 * What is relocated must not be named elsewhere: a condition on it would look for the
	 * relocated class.
	 */
	@ArchTest
	static final ArchRule onlyTheReadersKnowJackson = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".client.answer", ROOT + ".metering.rules")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..", "com.ctc.wstx..", "org.codehaus.stax2..");

	@ArchTest
	static final ArchRule theReadersNeedNoMapper = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson.databind..", "com.fasterxml.jackson..");

	@ArchTest
	static final ArchRule onlyTheClientReadsXml = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".client", ROOT + ".client.http", ROOT + ".client.answer",
				ROOT + ".autoconfigure", ROOT + ".sandbox")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("reactor.netty..", "javax.xml..");

	@ArchTest
	static final ArchRule onlyObservationKnowsMicrometerCore = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".observation", ROOT + ".autoconfigure")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.micrometer.core..", "io.micrometer.common..", "io.micrometer.observation..");

	@ArchTest
	static final ArchRule onlyThePipelineKnowsCaffeine = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".client.predictive", ROOT + ".client.reporting")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("com.github.benmanes..");

	/**
	 * An application in Java has no Kotlin, and must not miss it.
	 */
	@ArchTest
	static final ArchRule onlyExtensionsKnowKotlin = noClasses().that()
		.haveNameNotMatching(".*ExtensionsKt(\\$.*)?")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("kotlin..", "kotlinx..")
		.orShould()
		.dependOnClassesThat()
		.haveSimpleNameEndingWith("ExtensionsKt");

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould()
		.haveSimpleNameEndingWith("AutoConfiguration");

	@ArchTest
	static final ArchRule autoConfigurationsHaveNoPublicMembers = methods().that()
		.areDeclaredInClassesThat(autoConfigurations())
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule autoConfigurationsAreRegistered = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should(beListed("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports"));

	@ArchTest
	static final ArchRule autoConfigurationsArePartOfTests = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.and()
		.doNotHaveSimpleName("ThreeScaleSandboxAutoConfiguration")
		.should(beListed("META-INF/spring/io.threescale.spring.test.ThreeScaleTest.imports"));

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().that()
		.areTopLevelClasses()
		.should(resideInANullMarkedPackage());

	private static ArchRule uses(String name, String... others) {
		String[] allowed = new String[others.length + 2];
		allowed[0] = ROOT;
		allowed[1] = ROOT + "." + name;
		for (int i = 0; i < others.length; i++) {
			allowed[i + 2] = ROOT + "." + others[i];
		}
		return noClasses().that()
			.resideInAPackage(ROOT + "." + name)
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("are ours, but outside of " + List.of(allowed),
					(type) -> type.getPackageName().startsWith(ROOT)
							&& !List.of(allowed).contains(type.getPackageName())))
			.allowEmptyShould(true);
	}

	private static DescribedPredicate<JavaClass> autoConfigurations() {
		return DescribedPredicate.describe("auto-configurations",
				(type) -> type.isAnnotatedWith(AutoConfiguration.class));
	}

	private static ArchCondition<JavaClass> beListed(String resource) {
		return new ArchCondition<>("be listed in " + resource) {

			private final List<String> registered = lines(resource);

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				events.add(new SimpleConditionEvent(type, this.registered.contains(type.getName()),
						type.getName() + " is listed: " + this.registered));
			}

		};
	}

	private static ArchCondition<JavaClass> useOnlyWhatIsThere(String... packages) {
		return new ArchCondition<>("use only what is there in " + List.of(packages)) {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getAccessesFromSelf()
					.stream()
					.filter((access) -> resideInAnyPackage(packages).test(access.getTargetOwner()))
					.filter((access) -> access.getTarget().resolveMember().isEmpty())
					// Newer compilers name an interface as the owner of getClass
					.filter((access) -> !access.getName().equals("getClass"))
					.forEach((access) -> events.add(SimpleConditionEvent.violated(type, access.getDescription())));
			}

		};
	}

	private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
		return new ArchCondition<>("reside in a package that is @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
				events
					.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " is @NullMarked: " + marked));
			}

		};
	}

	private static List<String> lines(String resource) {
		try {
			return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
