package io.threescale.spring.client;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

import javax.xml.stream.XMLInputFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.aot.AotServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users get: the jar with the XML reader and the cache inside. The class path of
 * this test holds the StAX provider of an application, and neither Jackson XML, nor
 * Woodstox, nor Caffeine.
 */
class PackagedJarIT {

	private static final Pattern NOT_RELOCATED = Pattern
		.compile("(?<!shaded/)(tools/jackson|com/ctc/wstx|org/codehaus/stax2|com/github/benmanes)/");

	private JarFile jar;

	@BeforeEach
	void open() throws IOException, URISyntaxException {
		this.jar = new JarFile(
				new File(ThreeScaleClient.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
	}

	@AfterEach
	void close() throws IOException {
		this.jar.close();
	}

	@Test
	void shouldReadWithItsOwnParserAndLeaveTheOther() throws ReflectiveOperationException {
		assertThat(XMLInputFactory.newFactory().getClass().getName())
			.isEqualTo("com.fasterxml.aalto.stax.InputFactoryImpl");
		Field field = Class.forName("io.threescale.spring.client.answer.XmlContent").getDeclaredField("FACTORY");
		field.setAccessible(true);
		Object factory = field.get(null);
		assertThat(factory.getClass().getMethod("getXMLInputFactory").invoke(factory).getClass().getName())
			.isEqualTo("io.threescale.spring.shaded.com.ctc.wstx.stax.WstxInputFactory");
		assertThat(factory.getClass().getMethod("getXMLOutputFactory").invoke(factory).getClass().getName())
			.isEqualTo("io.threescale.spring.shaded.com.ctc.wstx.stax.WstxOutputFactory");
	}

	@Test
	void shouldHoldNothingAnApplicationCouldSee() {
		assertThat(names()).allMatch((name) -> name.startsWith("io/threescale/") || name.startsWith("META-INF/"))
			.noneMatch((name) -> name.startsWith("META-INF/services") || name.startsWith("META-INF/versions")
					|| name.endsWith("module-info.class"))
			.noneMatch((name) -> name.contains("/jackson/databind/"));
		assertThat(this.jar.stream()
			.filter((entry) -> entry.getName().startsWith("io/threescale/spring/shaded/"))
			.mapToLong(ZipEntry::getCompressedSize)
			.sum()).as("the size of the reader and the cache").isBetween(1_000_000L, 1_900_000L);
	}

	@Test
	void shouldHoldWhatBelongsToIt() {
		assertThat(names()).contains("META-INF/LICENSE", "META-INF/NOTICE", "META-INF/Stax2-LICENSE",
				"META-INF/FastDoubleParser-LICENSE", "META-INF/FastDoubleParser-ThirdParty-LICENSE",
				"META-INF/Schubfach-LICENSE", "META-INF/MANIFEST.MF", "META-INF/spring.factories",
				"META-INF/spring/aot.factories", "META-INF/spring-configuration-metadata.json",
				"META-INF/spring-autoconfigure-metadata.properties");
		assertThat(text("META-INF/NOTICE")).startsWith("3scale for Spring Boot")
			.contains("Woodstox", "Stax2", "Caffeine");
		assertThat(text("META-INF/MANIFEST.MF")).contains("Implementation-Version: ");
	}

	@Test
	void shouldNameNothingThatWasRelocated() {
		assertThat(names()).filteredOn((name) -> name.endsWith(".class"))
			.filteredOn((name) -> NOT_RELOCATED.matcher(text(name)).find())
			.isEmpty();
	}

	/**
	 * Caffeine finds its classes by name, so nothing else tells that they are missing.
	 */
	@Test
	void shouldHaveHintsForTheClassesOfTheCache() {
		RuntimeHints hints = new RuntimeHints();
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.threescale."))
			.forEach((registrar) -> registrar.registerHints(hints, getClass().getClassLoader()));
		assertThat(hints.reflection().typeHints()).hasSizeGreaterThan(5)
			.extracting((hint) -> hint.getType().getName().replace('.', '/') + ".class")
			.allMatch((name) -> name.startsWith("io/threescale/spring/shaded/") && names().contains(name));
	}

	private List<String> names() {
		return this.jar.stream().filter((entry) -> !entry.isDirectory()).map(ZipEntry::getName).toList();
	}

	private String text(String name) {
		try (InputStream in = this.jar.getInputStream(this.jar.getEntry(name))) {
			return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
