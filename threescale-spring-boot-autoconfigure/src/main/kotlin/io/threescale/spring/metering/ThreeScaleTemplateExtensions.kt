package io.threescale.spring.metering

import io.threescale.spring.ApplicationCredentials
import io.threescale.spring.Usage
import io.threescale.spring.metering.problem.MeteringException
import java.util.function.Supplier
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull
import kotlinx.coroutines.reactor.mono

/**
 * Do what is charged beforehand. Blocks while 3scale decides.
 *
 * @param caller for whom
 * @param metric the system name of the metric it uses
 * @param units how many of them
 * @param work what to do
 * @return the result
 * @throws MeteringException if the caller may not
 * @since 0.1.0
 */
fun <T> ThreeScaleTemplate.metered(caller: ApplicationCredentials, metric: String, units: Long = 1, work: () -> T): T =
	metered(caller, Usage.of(metric, units), Supplier { work() })

/**
 * Do what is charged beforehand, without blocking.
 *
 * @param caller for whom
 * @param metric the system name of the metric it uses
 * @param units how many of them
 * @param work what to do
 * @return the result
 * @throws MeteringException if the caller may not
 * @since 0.1.0
 */
suspend fun <T> ThreeScaleTemplate.meteredAndAwait(caller: ApplicationCredentials, metric: String, units: Long = 1,
		work: suspend () -> T): T =
	meteredAndAwait(caller, ThreeScaleTemplate.beforehand(Usage.of(metric, units))) { work() }

/**
 * Do what is charged when it is done, with what was added to the call, without blocking.
 *
 * @param caller for whom
 * @param usage what it uses, as far as known beforehand
 * @param work what to do
 * @return the result
 * @throws MeteringException if the caller may not
 * @since 0.1.0
 */
suspend fun <T> ThreeScaleTemplate.meteredAndAwait(caller: ApplicationCredentials, usage: Usage,
		work: suspend (MeteredCall) -> T): T =
	meteredAndAwait(caller, ThreeScaleTemplate.afterwards(usage), work)

/**
 * Do what an operation describes, without blocking.
 *
 * @param caller for whom
 * @param operation what it is, what it uses, and when it is charged
 * @param work what to do
 * @return the result
 * @throws MeteringException if the caller may not
 * @since 0.1.0
 */
@Suppress("UNCHECKED_CAST")
suspend fun <T> ThreeScaleTemplate.meteredAndAwait(caller: ApplicationCredentials, operation: MeteredOperation,
		work: suspend (MeteredCall) -> T): T {
	// Cancelled with the subscription, as the coroutine waits for that
	val context = currentCoroutineContext().minusKey(Job)
	return metered(caller, operation, mono<Any>(context) { work(MeteredCall.current().awaitSingle()) })
		.awaitSingleOrNull() as T
}
