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
import io.threescale.spring.metering.ChargeOn;
import io.threescale.spring.metering.FailurePolicy;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredService;
import io.threescale.spring.metering.MeteredServices;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.MeteringListener;
import io.threescale.spring.metering.MeteringSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.util.ServletRequestPathUtils;

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

	private final ThreeScaleHandlerInterceptor interceptor = interceptor();

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/hello");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	@BeforeEach
	void admit() {
		given(this.client.authorize(any(AuthorizationRequest.class)))
			.willReturn(Mono.just(new Granted(ApplicationStatus.UNKNOWN)));
		given(this.client.report(any(Transaction.class))).willReturn(Mono.empty());
		ServletRequestPathUtils.parseAndCache(this.request);
		assertThat(this.interceptor.admit(this.request, this.response, this)).isNotNull();
	}

	@Test
	void whenItComesThenItIsNotAskedForAgain() {
		this.interceptor.preHandle(this.request, this.response, this);
		verify(this.client, times(1)).authorize(any(AuthorizationRequest.class));
	}

	@Test
	void whenItHasComeThenOnlyItsEndSettlesIt() {
		this.interceptor.preHandle(this.request, this.response, this);
		this.interceptor.settle(this.request, this.response, null);
		assertReported(false);
		this.interceptor.afterCompletion(this.request, this.response, this, null);
		assertReported(true);
	}

	@Test
	void whenItIsTurnedAwayThenItIsSettledByWhoAdmittedIt() {
		this.interceptor.settle(this.request, this.response, null);
		assertReported(true);
	}

	@Test
	void whenItGoesOnElsewhereWithoutAThreadThenItIsSettledWhenTheContainerIsDone() {
		this.request.setAsyncSupported(true);
		this.request.startAsync(this.request, this.response);
		this.interceptor.settle(this.request, this.response, null);
		assertReported(false);
		this.request.getAsyncContext().complete();
		assertReported(true);
	}

	private void assertReported(boolean reported) {
		verify(this.client, reported ? times(1) : never()).report(any(Transaction.class));
	}

	private ThreeScaleHandlerInterceptor interceptor() {
		MeteredService service = new MeteredService("4711", this.client,
				(request) -> ApplicationCredentials.userKey("key-1"), null);
		MeteringSettings settings = new MeteringSettings(FailurePolicy.DENY, false, false, false, false, false);
		MeteringGate gate = new MeteringGate(new MeteredServices(service, Map.of(), (request) -> null), settings,
				mock(MeteringListener.class), Clock.systemUTC());
		return new ThreeScaleHandlerInterceptor(gate, (handler, request, path) -> new MeteredOperation("hello", null,
				Usage.of("hits"), ChargeOn.COMPLETION, List.of()));
	}

}
