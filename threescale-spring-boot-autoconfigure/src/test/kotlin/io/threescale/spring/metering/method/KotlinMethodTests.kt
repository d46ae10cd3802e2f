package io.threescale.spring.metering.method

import io.threescale.spring.ApplicationCredentials
import io.threescale.spring.fixture.Application
import io.threescale.spring.fixture.Charges
import io.threescale.spring.metering.MeteredCall
import io.threescale.spring.metering.ThreeScaleMetered
import io.threescale.spring.sandbox.SandboxOperation
import io.threescale.spring.sandbox.ThreeScaleSandbox
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatIllegalStateException
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.TestInstance.Lifecycle
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.springframework.boot.WebApplicationType
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import org.springframework.web.bind.annotation.GetMapping
import org.springframework.web.bind.annotation.RestController

/**
 * Coroutines are done when they have ended, not when they are suspended.
 */
@TestInstance(Lifecycle.PER_CLASS)
open class KotlinMethodTests {

	private lateinit var application: Application

	private lateinit var sandbox: ThreeScaleSandbox

	private val worker: Worker
		get() = this.application.bean(Worker::class.java)

	internal open fun webStack() = WebApplicationType.REACTIVE

	@BeforeAll
	fun start() {
		this.application = Application.start(webStack(), Api::class.java, "threescale.sandbox.enabled=true",
			"threescale.advisor.enabled=true", "threescale.sandbox.services.1001.metrics[0].name=hits",
			"threescale.sandbox.services.1001.metrics[1].name=work",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1")
		this.sandbox = this.application.bean(ThreeScaleSandbox::class.java)
	}

	@AfterAll
	fun stop() = this.application.close()

	@BeforeEach
	fun reset() = this.sandbox.reset()

	@Test
	fun whenFunctionEndsThenWhatWasUsedUntilThenIsCharged() {
		assertThat(runBlocking { worker.suspending("key-1", false) }).isEqualTo("done")
		Charges.assertSingle(this.sandbox, mapOf("work" to 3L))
	}

	@Test
	fun whenFunctionReturnsNothingThenCharged() {
		runBlocking { worker.nothing("key-1") }
		assertThat(runBlocking { worker.nullable("key-1") }).isNull()
		Charges.assertSum(this.sandbox, mapOf("work" to 2L))
	}

	@Test
	fun whenFunctionFailsThenNotChargedAsASuccess() {
		assertThatIllegalStateException().isThrownBy { runBlocking { worker.suspending("key-1", true) } }
		runBlocking { worker.nothing("key-1") }
		Charges.assertSingle(this.sandbox, mapOf("work" to 1L))
	}

	@Test
	fun whenFlowIsCollectedThenChargedAtEachCollection() {
		val flow = this.worker.flow("key-1", false)
		assertThat(this.sandbox.requests(SandboxOperation.AUTHORIZE)).isZero()
		assertThat(runBlocking { flow.toList() }).containsExactly("one", "two")
		assertThat(runBlocking { flow.toList() }).containsExactly("one", "two")
		Charges.assertSum(this.sandbox, mapOf("work" to 4L))
	}

	@Test
	fun whenFlowFailsThenNotChargedAsASuccess() {
		assertThatIllegalStateException().isThrownBy { runBlocking { worker.flow("key-1", true).toList() } }
		runBlocking { worker.nothing("key-1") }
		Charges.assertSingle(this.sandbox, mapOf("work" to 1L))
	}

	@Test
	fun whenFunctionReturnsAFlowThenChargedWhenThatEnds() {
		assertThat(runBlocking { worker.suspendingFlow("key-1").toList() }).containsExactly("one", "two")
		Charges.assertSingle(this.sandbox, mapOf("work" to 2L))
	}

	@Test
	fun whenDeferredThenChargedWhenItIsThere() {
		assertThat(runBlocking { worker.deferred("key-1").await() }).isEqualTo("done")
		Charges.assertSingle(this.sandbox, mapOf("work" to 1L))
	}

	@ParameterizedTest
	@CsvSource("/metered, 1, 3", "/unmetered, 0, 3", "/flow, 0, 2", "/argument, 0, 4")
	fun whenCalledWithinARequestThenItIsChargedOnce(path: String, hits: Long, work: Long) {
		assertThat(this.application.get(path).statusCode()).isEqualTo(200)
		Charges.assertSum(this.sandbox, mapOf("hits" to hits, "work" to work).filterValues { it > 0 })
	}

	@Test
	fun whenFunctionFailsWithinARequestThenNotChargedAsASuccess() {
		assertThat(this.application.get("/failing").statusCode()).isEqualTo(500)
		assertThat(this.application.get("/flow").statusCode()).isEqualTo(200)
		Charges.assertSingle(this.sandbox, mapOf("work" to 2L))
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Controller::class, Worker::class)
	open class Api {

		@Bean
		open fun callers() = MethodCredentialsResolver { ApplicationCredentials.userKey(it.arguments[0] as String) }

	}

	@ThreeScaleMetered("work", chargeOn = "success")
	open class Worker {

		open suspend fun suspending(key: String, fails: Boolean): String {
			delay(5)
			MeteredCall.current().awaitSingle().add("work", 3)
			check(!fails) { "on purpose" }
			return "done"
		}

		open suspend fun nothing(key: String) = delay(5)

		open suspend fun nullable(key: String): String? = null

		open fun flow(key: String, fails: Boolean): Flow<String> = flow {
			emit("one")
			delay(5)
			MeteredCall.current().awaitSingle().add("work", 2)
			check(!fails) { "on purpose" }
			emit("two")
		}

		open suspend fun suspendingFlow(key: String): Flow<String> = flow(key, false)

		open fun deferred(key: String): Deferred<String> = CompletableDeferred("done")

	}

	@RestController
	open class Controller(private val worker: Worker) {

		@GetMapping("/metered")
		@ThreeScaleMetered
		open suspend fun metered() = this.worker.suspending("key-1", false)

		@GetMapping("/unmetered")
		open suspend fun unmetered() = this.worker.suspending("key-1", false)

		@GetMapping("/argument")
		@ThreeScaleMetered(metric = "work", delta = 10)
		open suspend fun argument(call: MeteredCall): String {
			delay(5)
			call.add("work", 4)
			return "done"
		}

		@GetMapping("/failing")
		open suspend fun failing() = this.worker.suspending("key-1", true)

		@GetMapping("/flow")
		open suspend fun flow() = this.worker.flow("key-1", false).toList().toString()

	}

}

/**
 * The same on Spring MVC.
 */
class ServletKotlinMethodTests : KotlinMethodTests() {

	override fun webStack() = WebApplicationType.SERVLET

}
