package io.threescale.spring.samples.host;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import org.jspecify.annotations.Nullable;

/**
 * What JAXB binds, and Jackson reads as something else.
 */
@XmlRootElement(name = "person")
@XmlAccessorType(XmlAccessType.FIELD)
public class Person {

	@XmlElement(name = "first-name")
	private @Nullable String firstName;

	public Person() {
	}

	Person(String firstName) {
		this.firstName = firstName;
	}

	public @Nullable String getFirstName() {
		return this.firstName;
	}

}
