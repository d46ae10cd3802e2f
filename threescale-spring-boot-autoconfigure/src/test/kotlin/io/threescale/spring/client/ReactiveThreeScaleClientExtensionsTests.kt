package io.threescale.spring.client

import io.threescale.spring.ApplicationCredentials
import io.threescale.spring.Authorization.Denied
import io.threescale.spring.Authorization.Granted
import io.threescale.spring.ServiceCredentials
import io.threescale.spring.Transaction
import io.threescale.spring.Usage
import io.threescale.spring.fixture.Patience
import io.threescale.spring.sandbox.SandboxApplication
import io.threescale.spring.sandbox.SandboxOperation
import io.threescale.spring.sandbox.SandboxService
import io.threescale.spring.sandbox.SandboxWorld
import io.threescale.spring.sandbox.ThreeScaleSandbox
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Test

/**
 * Tests for the extensions of [ReactiveThreeScaleClient].
 */
class ReactiveThreeScaleClientExtensionsTests {

	private val demo = ApplicationCredentials.userKey("demo")

	private val nobody = ApplicationCredentials.userKey("nobody")

	private val sandbox = ThreeScaleSandbox.start(SandboxWorld.of("1001",
		SandboxService.userKey("token").withApplication(SandboxApplication.userKey("demo"))))

	private val client = ReactiveThreeScaleClient.builder(ServiceCredentials.serviceToken("1001", "token"))
		.baseUrl(this.sandbox.uri())
		.connection(Patience.SETTINGS)
		.buildReactive()

	@AfterEach
	fun close() {
		this.client.close()
		this.sandbox.close()
	}

	@Test
	fun shouldAwaitAuthorize() = runBlocking<Unit> {
		assertThat(client.awaitAuthorize(demo, Usage.HIT)).isInstanceOf(Granted::class.java)
		assertThat(client.awaitAuthorize(AuthorizationRequest.of(nobody, Usage.HIT))).isInstanceOf(Denied::class.java)
		assertThat(sandbox.requests(SandboxOperation.AUTHORIZE)).isEqualTo(2)
		assertThat(sandbox.transactions()).isEmpty()
	}

	@Test
	fun shouldAwaitAuthRep() = runBlocking<Unit> {
		assertThat(client.awaitAuthRep(demo, Usage.HIT)).isInstanceOf(Granted::class.java)
		assertThat(client.awaitAuthRep(AuthorizationRequest.of(nobody, Usage.HIT))).isInstanceOf(Denied::class.java)
		assertThat(sandbox.requests(SandboxOperation.AUTHREP)).isEqualTo(2)
		assertThat(sandbox.usage("demo", "hits")).isEqualTo(1)
	}

	@Test
	fun shouldAwaitReport() = runBlocking<Unit> {
		val used = Transaction.of(demo, Usage.HIT)
		client.awaitReport(used, used)
		client.awaitReport(ReportRequest.of(listOf(used)))
		assertThat(sandbox.usage("demo", "hits")).isEqualTo(3)
	}

}
