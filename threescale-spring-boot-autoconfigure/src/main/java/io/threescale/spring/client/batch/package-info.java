/**
 * Reporting in batches: usage is added up in the process, goes out now and then, and is
 * kept until 3scale has accepted it.
 */
@NullMarked
package io.threescale.spring.client.batch;

import org.jspecify.annotations.NullMarked;
