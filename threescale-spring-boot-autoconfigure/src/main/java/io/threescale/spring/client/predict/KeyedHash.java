package io.threescale.spring.client.predict;

/**
 * Stands for something secret in the cache: a keyed hash of 128 bits, from which nobody
 * gets the secret back, and which no caller can make collide.
 */
record KeyedHash(long high, long low) {

	@Override
	public int hashCode() {
		return (int) this.low;
	}

}
