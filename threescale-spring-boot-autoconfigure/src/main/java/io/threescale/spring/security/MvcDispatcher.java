package io.threescale.spring.security;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExecutionChain;

/**
 * Does for a request that has not come to the {@link DispatcherServlet} what that would
 * do: finds its handler, and answers it if it was refused. No container knows it as a
 * servlet.
 */
@SuppressWarnings("serial")
final class MvcDispatcher extends DispatcherServlet {

	MvcDispatcher(WebApplicationContext context) {
		super(context);
		setPublishEvents(false);
		onRefresh(context);
	}

	@Override
	public String getServletName() {
		return getClass().getSimpleName();
	}

	/**
	 * Find the handler of a request. What keeps it from being found is told by the
	 * {@link DispatcherServlet} later.
	 */
	@Nullable Object handlerOf(HttpServletRequest request) {
		try {
			HandlerExecutionChain chain = getHandler(request);
			return (chain != null) ? chain.getHandler() : null;
		}
		catch (Exception ex) {
			return null;
		}
	}

}
