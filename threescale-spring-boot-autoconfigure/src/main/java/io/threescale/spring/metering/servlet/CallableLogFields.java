package io.threescale.spring.metering.servlet;

import java.util.concurrent.Callable;

import io.threescale.spring.metering.CurrentCalls;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;

/**
 * Has the log lines of a {@code Callable} that a handler has returned, or of a streaming
 * response, tell of the call of its request.
 *
 * @param currentCalls shows calls
 * @since 0.1.0
 */
public record CallableLogFields(CurrentCalls currentCalls) implements CallableProcessingInterceptor {

	@Override
	public <T> void preProcess(NativeWebRequest webRequest, Callable<T> task) {
		HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
		Assert.state(request != null, "A Callable of Spring MVC belongs to a servlet request");
		this.currentCalls.show(ServletCall.of(request).current());
	}

	@Override
	public <T> void postProcess(NativeWebRequest webRequest, Callable<T> task, @Nullable Object result) {
		this.currentCalls.show(null);
	}

}
