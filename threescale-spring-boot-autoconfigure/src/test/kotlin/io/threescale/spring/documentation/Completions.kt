package io.threescale.spring.documentation

import io.threescale.spring.ApplicationCredentials
import io.threescale.spring.Authorization.Granted
import io.threescale.spring.Transaction
import io.threescale.spring.Usage
import io.threescale.spring.client.ReactiveThreeScaleClient
import io.threescale.spring.client.awaitAuthorize
import io.threescale.spring.client.awaitReport
import io.threescale.spring.metering.ThreeScaleTemplate
import io.threescale.spring.metering.metered
import io.threescale.spring.metering.meteredAndAwait
import kotlinx.coroutines.delay
import org.springframework.stereotype.Service

@Service
class Completions(private val threeScale: ThreeScaleTemplate, private val client: ReactiveThreeScaleClient) {

    // Blocks, and charges beforehand
    fun words(caller: ApplicationCredentials, text: String) =
        threeScale.metered(caller, "words", units = 10) { text.split(" ") }

    // The same in a coroutine
    suspend fun search(caller: ApplicationCredentials, query: String) =
        threeScale.meteredAndAwait(caller, "search") {
            delay(10)
            listOf(query)
        }

    // Charges what was added, when it is done
    suspend fun complete(caller: ApplicationCredentials, prompt: String) =
        threeScale.meteredAndAwait(caller, Usage.of("tokens", 500)) { call ->
            delay(10)
            call.add("tokens", prompt.length.toLong())
            prompt.reversed()
        }

    // The client, without the template
    suspend fun book(customer: ApplicationCredentials, seats: Long): Boolean {
        val usage = Usage.of("seats", seats)
        if (client.awaitAuthorize(customer, usage) !is Granted) {
            return false
        }
        client.awaitReport(Transaction.of(customer, usage))
        return true
    }
}
