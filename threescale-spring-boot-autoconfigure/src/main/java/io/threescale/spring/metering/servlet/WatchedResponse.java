package io.threescale.spring.metering.servlet;

import java.io.IOException;

import io.threescale.spring.metering.MeteredCall;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.DeferredResultProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * Settles a call at the first write that fails, if it is one of an emitter: its caller
 * has hung up, and Spring leaves it to the container to end such a stream. Tomcat does,
 * but Jetty says nothing until the timeout. What else is asynchronous ends by itself, and
 * may have something to add until then.
 */
final class WatchedResponse extends HttpServletResponseWrapper implements DeferredResultProcessingInterceptor {

	private final ServletCall call;

	private volatile boolean emitted;

	private WatchedResponse(HttpServletResponse response, ServletCall call) {
		super(response);
		this.call = call;
	}

	/**
	 * Watch the response to a call that is to be settled yet.
	 */
	static HttpServletResponse of(HttpServletRequest request, HttpServletResponse response) {
		ServletCall call = ServletCall.of(request);
		MeteredCall admitted = call.call();
		if (admitted == null || !admitted.isMetered() || admitted.isDone()) {
			return response;
		}
		WatchedResponse watched = new WatchedResponse(response, call);
		WebAsyncUtils.getAsyncManager(request)
			.registerDeferredResultInterceptor(WatchedResponse.class.getName(), watched);
		return watched;
	}

	/**
	 * Spring serves an emitter by a deferred result, which alone writes nothing before it
	 * is there.
	 */
	@Override
	public <T> void beforeConcurrentHandling(NativeWebRequest request, DeferredResult<T> result) {
		this.emitted = true;
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		return new WatchedStream(super.getOutputStream());
	}

	@Override
	public void flushBuffer() throws IOException {
		watch(super::flushBuffer);
	}

	private void watch(Writing writing) throws IOException {
		try {
			writing.run();
		}
		catch (IOException ex) {
			if (this.emitted) {
				this.call.settle(this, null);
			}
			throw ex;
		}
	}

	/**
	 * What fails where nobody reads any more.
	 */
	@FunctionalInterface
	private interface Writing {

		void run() throws IOException;

	}

	private final class WatchedStream extends ServletOutputStream {

		private final ServletOutputStream output;

		WatchedStream(ServletOutputStream output) {
			this.output = output;
		}

		@Override
		public void write(int octet) throws IOException {
			watch(() -> this.output.write(octet));
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			watch(() -> this.output.write(bytes, offset, length));
		}

		@Override
		public void flush() throws IOException {
			watch(this.output::flush);
		}

		@Override
		public void close() throws IOException {
			watch(this.output::close);
		}

		@Override
		public boolean isReady() {
			return this.output.isReady();
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			this.output.setWriteListener(listener);
		}

	}

}
