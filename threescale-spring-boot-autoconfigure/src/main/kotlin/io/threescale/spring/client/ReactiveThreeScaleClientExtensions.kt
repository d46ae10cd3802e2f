package io.threescale.spring.client

import io.threescale.spring.ApplicationCredentials
import io.threescale.spring.Authorization
import io.threescale.spring.Transaction
import io.threescale.spring.Usage
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.reactor.awaitSingleOrNull

/**
 * Coroutines variant of [ReactiveThreeScaleClient.authorize].
 *
 * @since 0.1.0
 */
suspend fun ReactiveThreeScaleClient.awaitAuthorize(request: AuthorizationRequest): Authorization =
	authorize(request).awaitSingle()

/**
 * Coroutines variant of [ReactiveThreeScaleClient.authorize].
 *
 * @since 0.1.0
 */
suspend fun ReactiveThreeScaleClient.awaitAuthorize(application: ApplicationCredentials, usage: Usage): Authorization =
	authorize(application, usage).awaitSingle()

/**
 * Coroutines variant of [ReactiveThreeScaleClient.authRep].
 *
 * @since 0.1.0
 */
suspend fun ReactiveThreeScaleClient.awaitAuthRep(request: AuthorizationRequest): Authorization =
	authRep(request).awaitSingle()

/**
 * Coroutines variant of [ReactiveThreeScaleClient.authRep].
 *
 * @since 0.1.0
 */
suspend fun ReactiveThreeScaleClient.awaitAuthRep(application: ApplicationCredentials, usage: Usage): Authorization =
	authRep(application, usage).awaitSingle()

/**
 * Coroutines variant of [ReactiveThreeScaleClient.report].
 *
 * @since 0.1.0
 */
suspend fun ReactiveThreeScaleClient.awaitReport(request: ReportRequest) {
	report(request).awaitSingleOrNull()
}

/**
 * Coroutines variant of [ReactiveThreeScaleClient.report].
 *
 * @since 0.1.0
 */
suspend fun ReactiveThreeScaleClient.awaitReport(vararg transactions: Transaction) {
	report(*transactions).awaitSingleOrNull()
}
