/**
 * The vocabulary of 3scale: who calls, what a call uses, and what the backend answers.
 * <p>
 * Where Javadoc of this library names a section of {@code protocol.md}, as in
 * "{@code protocol.md} 6.3", it means the wire reference among the documents of the
 * project, {@code threescale-spring-boot-starter/docs/protocol.md}.
 */
@NullMarked
package io.threescale.spring;

import org.jspecify.annotations.NullMarked;
