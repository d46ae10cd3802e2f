package io.threescale.spring.client;

import java.net.SocketAddress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;

/**
 * Completes a request when it is written, and notes that it leaves. All secrets of an
 * authorization travel in the query, and whoever saw it before would show it in logs,
 * exceptions and observations: WebClient as well as Reactor Netty.
 */
@Sharable
final class ConfidentialRequests extends ChannelOutboundHandlerAdapter {

	private static final AttributeKey<Departure> DEPARTURE = AttributeKey.valueOf(Departure.class.getName());

	private static final String NAME = ConfidentialRequests.class.getName();

	private ConfidentialRequests() {
	}

	static HttpClient over(HttpClient httpClient) {
		ConfidentialRequests handler = new ConfidentialRequests();
		return httpClient.doOnChannelInit(handler::install).doOnRequest(ConfidentialRequests::prepare);
	}

	private void install(ConnectionObserver observer, Channel channel, @Nullable SocketAddress address) {
		channel.pipeline().addAfter(NettyPipeline.HttpCodec, NAME, this);
	}

	private static void prepare(HttpClientRequest request, Connection connection) {
		connection.channel().attr(DEPARTURE).set(Departure.from(request.currentContextView()));
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpRequest request) {
			context.channel().attr(DEPARTURE).get().begin(request);
		}
		context.write(message, promise);
	}

}
