package io.threescale.spring.client;

import java.net.URI;

import io.netty.channel.ChannelOption;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider;

/**
 * The connections of one client: a pool of their own, and an HTTP client that does just
 * what it is told. Reactor Netty would by default repeat a request whose connection
 * breaks, and authrep is a GET that bills.
 */
record Connections(ConnectionProvider pool, HttpClient httpClient) {

	static Connections of(ConnectionSettings settings) {
		ConnectionProvider pool = ConnectionProvider.builder("threescale")
			.maxConnections(settings.maxConnections())
			.pendingAcquireMaxCount(settings.maxPending())
			.pendingAcquireTimeout(settings.connectTimeout())
			.maxIdleTime(settings.maxIdleTime())
			.build();
		HttpClient httpClient = HttpClient.create(pool)
			.protocol(HttpProtocol.HTTP11)
			.disableRetry(true)
			.followRedirect(false)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()))
			.responseTimeout(settings.responseTimeout());
		URI proxy = settings.proxy();
		return new Connections(pool, (proxy != null) ? httpClient.proxy((spec) -> through(proxy, spec)) : httpClient);
	}

	private static void through(URI proxy, ProxyProvider.TypeSpec spec) {
		ProxyProvider.Builder builder = spec.type(ProxyProvider.Proxy.HTTP)
			.host(proxy.getHost())
			.port((proxy.getPort() != -1) ? proxy.getPort() : 3128);
		String userInfo = proxy.getUserInfo();
		if (userInfo != null) {
			String[] user = userInfo.split(":", 2);
			builder.username(user[0]).password((name) -> (user.length > 1) ? user[1] : "");
		}
	}

}
