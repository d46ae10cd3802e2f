package io.threescale.spring.client;

import org.jetbrains.annotations.ApiStatus;

/**
 * Stands for something secret in a map: a keyed hash of 128 bits, from which nobody gets
 * the secret back, and which no caller can make collide.
 *
 * @param high the first half
 * @param low the second half
 */
@ApiStatus.Internal
public record KeyedHash(long high, long low) {

	@Override
	public int hashCode() {
		return (int) this.low;
	}

}
