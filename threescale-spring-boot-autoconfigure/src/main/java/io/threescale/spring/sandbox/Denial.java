package io.threescale.spring.sandbox;

import io.threescale.spring.ErrorCode;

/**
 * Why a call is denied: a code for the header, a text for the body.
 *
 * @param code the code
 * @param reason the text, with the caller's input as it came
 */
record Denial(ErrorCode code, String reason) {
}
