package io.threescale.spring.client.http;

import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.threescale.spring.ThreeScaleUnavailableException;
import io.threescale.spring.client.answer.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Says that no answer came: of what, from where, why, and what to do.
 */
final class TransportFailure {

	private TransportFailure() {
	}

	static ThreeScaleUnavailableException of(URI baseUrl, Operation operation, boolean sent, Throwable failure) {
		if (isPoolExhausted(failure)) {
			return new ThreeScaleUnavailableException(
					"3scale at " + baseUrl + " could not be asked for " + operation
							+ ", as no connection was free in time; see 'threescale.connection.max-connections'",
					false, null);
		}
		// Under TLS 1.3 it may come after the request was sent, which nobody reads then
		SSLHandshakeException refusal = find(failure, SSLHandshakeException.class);
		Throwable cause = (refusal != null) ? refusal : failure;
		boolean left = sent && refusal == null;
		String what = left ? " did not answer " : " could not be reached for ";
		return new ThreeScaleUnavailableException(
				"3scale at " + baseUrl + what + operation + ": " + cause.getClass().getSimpleName() + cure(left, cause),
				left && operation.counts(), cause);
	}

	/**
	 * The timeouts of the pool are the only ones that are not ours.
	 */
	private static boolean isPoolExhausted(Throwable cause) {
		return cause instanceof TimeoutException && cause.getClass() != TimeoutException.class;
	}

	private static String cure(boolean left, Throwable cause) {
		if (cause instanceof UnknownHostException) {
			return "; check the host of the URL";
		}
		if (cause instanceof ProxyConnectException) {
			return "; check the proxy";
		}
		if (cause instanceof ConnectException) {
			return "; check the host and the port of the URL, and whether 3scale is up";
		}
		if (find(cause, NotSslRecordException.class) != null) {
			return "; it does not speak TLS there: check the scheme and the port of the URL";
		}
		if (cause instanceof SSLException) {
			return "; check the certificates of both sides";
		}
		if (cause instanceof TimeoutException && !left) {
			return "; no connection was ready in time";
		}
		return "";
	}

	private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
