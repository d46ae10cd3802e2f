package io.threescale.spring.client.answer;

import javax.xml.stream.XMLInputFactory;

import com.ctc.wstx.stax.WstxInputFactory;
import com.ctc.wstx.stax.WstxOutputFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.xml.XmlFactory;

/**
 * Reads an XML document once, from its beginning to its end. Attributes and elements
 * inside an element are read alike, by name.
 */
final class XmlContent implements AutoCloseable {

	/** The name Jackson gives to text beside attributes or elements. */
	static final String TEXT = "";

	/**
	 * The factories are named, so that neither another parser on the class path reads,
	 * nor a system property chooses one.
	 */
	private static final XmlFactory FACTORY = XmlFactory.builder()
		.xmlInputFactory(withoutEntities(new WstxInputFactory()))
		.xmlOutputFactory(new WstxOutputFactory())
		.build();

	private final JsonParser parser;

	/**
	 * Begin a document. What is read first is its root, whatever its name.
	 * @throws tools.jackson.core.JacksonException if the document is not well-formed, as
	 * all methods do
	 */
	XmlContent(byte[] document) {
		this.parser = FACTORY.createParser(ObjectReadContext.empty(), document);
	}

	private static XMLInputFactory withoutEntities(XMLInputFactory factory) {
		factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
		factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
		return factory;
	}

	/**
	 * Enter the next element, and return the name of the first that is inside of it, or
	 * {@code null} if nothing is.
	 */
	@Nullable String first() {
		return (this.parser.nextToken() == JsonToken.START_OBJECT) ? next() : null;
	}

	/**
	 * Return the name of the next attribute or element, or {@code null} if there is no
	 * more, which leaves the element. What was named before must have been read.
	 */
	@Nullable String next() {
		return this.parser.nextName();
	}

	/**
	 * Enter the next element, read those of one name that are inside of it, and skip the
	 * others.
	 */
	void each(String element, Runnable reader) {
		for (String name = first(); name != null; name = next()) {
			if (name.equals(element)) {
				reader.run();
			}
			else {
				skip();
			}
		}
	}

	/**
	 * Return the text of the next attribute or element, up to the first element inside of
	 * it.
	 */
	@Nullable String text() {
		if (this.parser.nextToken() != JsonToken.START_OBJECT) {
			return this.parser.getValueAsString();
		}
		String text = null;
		for (String name = next(); name != null; name = next()) {
			if (text == null && name.equals(TEXT)) {
				text = text();
			}
			else {
				skip();
			}
		}
		return text;
	}

	/**
	 * Return the number in the next attribute or element, or 0 if it is empty.
	 * @throws NumberFormatException if it is no number
	 */
	long number() {
		String text = text();
		return (text == null || text.isBlank()) ? 0 : Long.parseLong(text.trim());
	}

	void skip() {
		this.parser.nextToken();
		this.parser.skipChildren();
	}

	/**
	 * Read to the end, as only then a document is known to be well-formed.
	 */
	void finish() {
		while (this.parser.nextToken() != null) {
			this.parser.skipChildren();
		}
	}

	@Override
	public void close() {
		this.parser.close();
	}

}
