package io.threescale.spring.client.predict;

/**
 * Stands for the credentials of an application in the cache: a keyed hash of 128 bits,
 * from which nobody gets the credentials back, and which no caller can make collide.
 */
record AccountKey(long high, long low) {

	@Override
	public int hashCode() {
		return (int) this.low;
	}

}
