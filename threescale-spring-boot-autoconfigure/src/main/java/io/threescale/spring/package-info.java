/**
 * The vocabulary of 3scale: who calls, what a call uses, and what the backend answers.
 */
@NullMarked
package io.threescale.spring;

import org.jspecify.annotations.NullMarked;
