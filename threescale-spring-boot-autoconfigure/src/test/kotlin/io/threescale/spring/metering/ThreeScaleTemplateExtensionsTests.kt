package io.threescale.spring.metering

import io.threescale.spring.ApplicationCredentials
import io.threescale.spring.Usage
import io.threescale.spring.fixture.Application
import io.threescale.spring.fixture.Charges
import io.threescale.spring.metering.problem.CallDeniedException
import io.threescale.spring.sandbox.SandboxOperation
import io.threescale.spring.sandbox.ThreeScaleSandbox
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.reactor.asCoroutineDispatcher
import kotlinx.coroutines.reactor.awaitSingle
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.assertj.core.api.Assertions.assertThatIllegalStateException
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.TestInstance.Lifecycle
import org.springframework.boot.WebApplicationType
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.context.annotation.Configuration
import reactor.core.scheduler.Schedulers

/**
 * Tests for the extensions of [ThreeScaleTemplate].
 */
@TestInstance(Lifecycle.PER_CLASS)
class ThreeScaleTemplateExtensionsTests {

	private val caller = ApplicationCredentials.userKey("key-1")

	private lateinit var application: Application

	private lateinit var sandbox: ThreeScaleSandbox

	private lateinit var template: ThreeScaleTemplate

	@BeforeAll
	fun start() {
		this.application = Application.start(WebApplicationType.NONE, Metered::class.java,
			"threescale.sandbox.enabled=true", "threescale.sandbox.services.1001.metrics[0].name=hits",
			"threescale.sandbox.services.1001.metrics[1].name=work",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1",
			"threescale.sandbox.services.1001.applications[0].plan=basic",
			"threescale.sandbox.services.1001.plans.basic.limits[0].metric=work",
			"threescale.sandbox.services.1001.plans.basic.limits[0].period=year",
			"threescale.sandbox.services.1001.plans.basic.limits[0].max=10")
		this.sandbox = this.application.bean(ThreeScaleSandbox::class.java)
		this.template = this.application.bean(ThreeScaleTemplate::class.java)
	}

	@AfterAll
	fun stop() = this.application.close()

	@BeforeEach
	fun reset() = this.sandbox.reset()

	@Test
	fun whenBlockThenChargedBeforehand() {
		val asked = this.template.metered(this.caller, "work") { this.sandbox.requests(SandboxOperation.AUTHREP) }
		assertThat(asked).isEqualTo(1)
		val nothing: String? = this.template.metered(this.caller, "work", units = 4) { null }
		assertThat(nothing).isNull()
		Charges.assertSum(this.sandbox, mapOf("work" to 5L))
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(2)
	}

	@Test
	fun whenSuspendingBlockThenChargedBeforehand() {
		val asked = awaitOnEventLoop {
			template.meteredAndAwait(caller, "work") {
				delay(5)
				sandbox.requests(SandboxOperation.AUTHREP)
			}
		}
		assertThat(asked).isEqualTo(1)
		val nothing: String? = awaitOnEventLoop { template.meteredAndAwait(caller, "work", units = 4) { null } }
		assertThat(nothing).isNull()
		Charges.assertSum(this.sandbox, mapOf("work" to 5L))
		assertThat(this.sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(2)
	}

	@Test
	fun whenUsageIsKnownAfterwardsThenChargedOnce() {
		val same = awaitOnEventLoop {
			template.meteredAndAwait(caller, Usage.of("work", 2)) { call ->
				delay(5)
				call.add("work", 7)
				MeteredCall.current().awaitSingle() === call
			}
		}
		assertThat(same).isTrue()
		Charges.assertSingle(this.sandbox, mapOf("work" to 7L))
	}

	@Test
	fun whenOperationThenChargedAsThatSays() {
		val onSuccess = MeteredOperation("work", null, Usage.of("work", 2), ChargeOn.SUCCESS, listOf())
		assertThatIllegalStateException().isThrownBy {
			awaitOnEventLoop { template.meteredAndAwait(caller, onSuccess) { error("on purpose") } }
		}
		awaitOnEventLoop { template.meteredAndAwait(caller, onSuccess) { delay(5) } }
		Charges.assertSingle(this.sandbox, mapOf("work" to 2L))
	}

	@Test
	fun whenDeniedThenNothingIsDone() {
		val denied = assertThatExceptionOfType(CallDeniedException::class.java)
		denied.isThrownBy { this.template.metered(this.caller, "work", units = 11) { error("done") } }
		denied.isThrownBy {
			awaitOnEventLoop { template.meteredAndAwait(caller, "work", units = 11) { error("done") } }
		}
	}

	@Test
	fun whenCancelledThenTheWorkIsTooAndWhatItUsedIsCharged() {
		val begun = CompletableDeferred<MeteredCall>()
		val cancelled = CompletableDeferred<Boolean>()
		awaitOnEventLoop {
			val job = launch {
				template.meteredAndAwait(caller, Usage.of("work", 2)) { call ->
					begun.complete(call.add("work", 3))
					try {
						awaitCancellation()
					} finally {
						cancelled.complete(true)
					}
				}
			}
			begun.await()
			job.cancelAndJoin()
			cancelled.await()
		}
		Charges.assertSingle(this.sandbox, mapOf("work" to 3L))
	}

	/** Where Reactor refuses to block. */
	private fun <T> awaitOnEventLoop(work: suspend CoroutineScope.() -> T): T =
		runBlocking { withContext(Schedulers.parallel().asCoroutineDispatcher(), work) }

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	open class Metered

}
