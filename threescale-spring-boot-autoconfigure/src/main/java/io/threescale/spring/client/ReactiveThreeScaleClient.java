package io.threescale.spring.client;

import java.util.List;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.Authorization;
import io.threescale.spring.PartialReportException;
import io.threescale.spring.ServiceCredentials;
import io.threescale.spring.ThreeScaleMisconfiguredException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.Transaction;
import io.threescale.spring.Usage;
import reactor.core.publisher.Mono;

/**
 * Asks 3scale, for one service, without blocking. Nothing is sent before subscription,
 * and every subscription sends anew. Every {@code Mono} may fail with a
 * {@link ThreeScaleMisconfiguredException} or a {@link ThreeScaleUnavailableException};
 * none is retried.
 *
 * @since 0.1.0
 */
public interface ReactiveThreeScaleClient extends AutoCloseable {

	/**
	 * Start to build a client for use without Spring Boot.
	 * @param service the service to ask for
	 * @return a builder with safe defaults
	 */
	static ThreeScaleClientBuilder builder(ServiceCredentials service) {
		return new ThreeScaleClientBuilder(service);
	}

	/**
	 * Ask whether an application may use something, and count nothing.
	 * @param request who wants to use what
	 * @return granted or denied
	 */
	Mono<Authorization> authorize(AuthorizationRequest request);

	/**
	 * Ask whether an application may use something, and count it if so.
	 * @param request who wants to use what
	 * @return granted or denied
	 */
	Mono<Authorization> authRep(AuthorizationRequest request);

	/**
	 * Have usage counted. 3scale accepts any well-formed report and looks at it later: an
	 * unknown application or metric voids all transactions of the request, and nobody is
	 * told ({@code protocol.md} 6.3). More transactions than one request holds go out in
	 * several, one after the other.
	 * @param request who used what
	 * @return completes when 3scale has accepted all transactions; fails with a
	 * {@link PartialReportException} when it has accepted some
	 */
	Mono<Void> report(ReportRequest request);

	/**
	 * Ask whether an application may use something, and count nothing.
	 * @param application who calls
	 * @param usage what the call uses
	 * @return granted or denied
	 */
	default Mono<Authorization> authorize(ApplicationCredentials application, Usage usage) {
		return authorize(AuthorizationRequest.of(application, usage));
	}

	/**
	 * Ask whether an application may use something, and count it if so.
	 * @param application who calls
	 * @param usage what the call uses
	 * @return granted or denied
	 */
	default Mono<Authorization> authRep(ApplicationCredentials application, Usage usage) {
		return authRep(AuthorizationRequest.of(application, usage));
	}

	/**
	 * Have usage counted.
	 * @param transactions who used what
	 * @return completes when 3scale has accepted all transactions
	 * @see #report(ReportRequest)
	 */
	default Mono<Void> report(Transaction... transactions) {
		return report(ReportRequest.of(List.of(transactions)));
	}

	/**
	 * Close the connections. The client cannot be used afterwards.
	 */
	@Override
	void close();

}
