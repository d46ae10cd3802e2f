package io.threescale.spring.actuate;

import io.threescale.spring.client.reporting.BatchingStatistics;
import org.jspecify.annotations.Nullable;

/**
 * The backend of one service, as operators see it.
 *
 * @param serviceId the id of the service
 * @param history what came of the latest calls
 * @param reporting what is reported in batches, or {@code null} in strict mode
 * @since 0.1.0
 */
public record MeteredBackend(String serviceId, BackendHistory history, @Nullable BatchingStatistics reporting) {

}
