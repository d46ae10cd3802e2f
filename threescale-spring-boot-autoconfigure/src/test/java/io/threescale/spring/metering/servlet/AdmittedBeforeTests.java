package io.threescale.spring.metering.servlet;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.ApplicationStatus;
import io.threescale.spring.Authorization.Granted;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import io.threescale.spring.client.AuthorizationRequest;
import io.threescale.spring.client.ReactiveThreeScaleClient;
import io.threescale.spring.client.reporting.KnownMetrics;
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.Enforcement;
import io.threescale.spring.metering.FailurePolicy;
import io.threescale.spring.metering.LogFields;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringSettings;
import jakarta.servlet.FilterChain;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * A call that a filter has admitted: who settles it, and when.
 */
class AdmittedBeforeTests {

	private final ReactiveThreeScaleClient client = mock(ReactiveThreeScaleClient.class);

	private final ThreeScaleHandlerInterceptor metering = metering();

	private final ThreeScaleFilter filter = new ThreeScaleFilter(
			new CurrentCalls(ThreeScaleHandlerInterceptor::current, LogFields.NONE));

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/hello");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@BeforeEach
	void grant() {
		given(this.client.authorize(any(AuthorizationRequest.class)))
			.willReturn(Mono.just(new Granted(ApplicationStatus.UNKNOWN)));
		given(this.client.report(any(Transaction.class))).willReturn(Mono.empty());
	}

	@Test
	void whenItComesThenItIsNotAskedForAgain() throws Exception {
		filter((request, response) -> {
			admit();
			this.metering.preHandle(this.request, this.response, this);
		});
		verify(this.client, times(1)).authorize(any(AuthorizationRequest.class));
	}

	@Test
	void whenItHasComeThenOnlyTheEndOfTheRequestSettlesIt() throws Exception {
		filter((request, response) -> {
			admit();
			this.metering.preHandle(this.request, this.response, this);
			this.metering.afterCompletion(this.request, this.response, this, null);
			assertReported(false);
		});
		assertReported(true);
	}

	@Test
	void whenItIsTurnedAwayThenItIsSettled() throws Exception {
		filter((request, response) -> admit());
		assertReported(true);
	}

	@Test
	void whenItGoesOnElsewhereWithoutAThreadThenItIsSettledWhenTheContainerIsDone() throws Exception {
		this.request.setAsyncSupported(true);
		filter((request, response) -> {
			admit();
			request.startAsync();
		});
		assertReported(false);
		this.request.getAsyncContext().complete();
		assertReported(true);
	}

	@Test
	void whenThereIsNoFilterThenTheInterceptorSettlesIt() {
		this.metering.preHandle(this.request, this.response, this);
		assertReported(false);
		this.metering.afterCompletion(this.request, this.response, this, null);
		assertReported(true);
	}

	private void filter(FilterChain chain) throws Exception {
		this.filter.doFilter(this.request, this.response, chain);
	}

	private void admit() {
		assertThat(this.metering.admit(this.request, this.response, this)).isNotNull();
	}

	private void assertReported(boolean reported) {
		verify(this.client, reported ? times(1) : never()).report(any(Transaction.class));
	}

	private ThreeScaleHandlerInterceptor metering() {
		MeteredService service = new MeteredService("4711", this.client,
				(request) -> ApplicationCredentials.userKey("key-1"), null, new KnownMetrics());
		MeteringSettings settings = new MeteringSettings(FailurePolicy.DENY, false, false, false, false, false,
				Enforcement.ENFORCE);
		MeteringGate gate = new MeteringGate(
				new MeteredServices(Map.of(MeteredServices.DEFAULT, service), (request) -> null), settings,
				mock(MeteringListener.class), null, Clock.systemUTC());
		MeteredOperation operation = new MeteredOperation("hello", null, Usage.of("hits"), ChargeOn.COMPLETION,
				List.of());
		return new ThreeScaleHandlerInterceptor(gate, (handler, request, path) -> operation, (handler) -> false);
	}

}
