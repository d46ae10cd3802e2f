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

/**
 * Asks 3scale, for one service, and waits for the answer; no longer than the time limits
 * of the client allow. Every method may throw a {@link ThreeScaleMisconfiguredException}
 * or a {@link ThreeScaleUnavailableException}; nothing is retried. Not for reactive
 * threads: see {@link ReactiveThreeScaleClient}.
 *
 * @since 0.1.0
 */
public interface ThreeScaleClient extends AutoCloseable {

	/**
	 * Start to build a client for use without Spring Boot.
	 * @param service the service to ask for
	 * @return a builder with safe defaults
	 */
	static ThreeScaleClientBuilder builder(ServiceCredentials service) {
		return new ThreeScaleClientBuilder(service);
	}

	/**
	 * View a reactive client as a blocking one.
	 * @param client the reactive client, which {@link #close()} closes as well
	 * @return the blocking view
	 */
	static ThreeScaleClient blocking(ReactiveThreeScaleClient client) {
		return new BlockingThreeScaleClient(client);
	}

	/**
	 * Ask whether an application may use something, and count nothing.
	 * @param request who wants to use what
	 * @return granted or denied
	 */
	Authorization authorize(AuthorizationRequest request);

	/**
	 * Ask whether an application may use something, and count it if so.
	 * @param request who wants to use what
	 * @return granted or denied
	 */
	Authorization authRep(AuthorizationRequest request);

	/**
	 * Have usage counted. 3scale accepts any well-formed report and looks at it later: an
	 * unknown application or metric voids all transactions of the request, and nobody is
	 * told ({@code protocol.md} 6.3). More transactions than one request holds go out in
	 * several, one after the other.
	 * @param request who used what
	 * @throws PartialReportException if 3scale has accepted only some of the transactions
	 */
	void report(ReportRequest request);

	/**
	 * Ask whether an application may use something, and count nothing.
	 * @param application who calls
	 * @param usage what the call uses
	 * @return granted or denied
	 */
	default Authorization authorize(ApplicationCredentials application, Usage usage) {
		return authorize(AuthorizationRequest.of(application, usage));
	}

	/**
	 * Ask whether an application may use something, and count it if so.
	 * @param application who calls
	 * @param usage what the call uses
	 * @return granted or denied
	 */
	default Authorization authRep(ApplicationCredentials application, Usage usage) {
		return authRep(AuthorizationRequest.of(application, usage));
	}

	/**
	 * Have usage counted.
	 * @param transactions who used what
	 * @see #report(ReportRequest)
	 */
	default void report(Transaction... transactions) {
		report(ReportRequest.of(List.of(transactions)));
	}

	/**
	 * Close the connections. The client cannot be used afterwards.
	 */
	@Override
	void close();

}
