package io.threescale.spring.client.http;

import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.util.context.ContextView;

/**
 * Stands between HTTP and the socket. It completes a request when it is written: all
 * secrets of an authorization travel in the query, and whoever saw it before would show
 * it in logs, exceptions and observations, WebClient as well as Reactor Netty. It notes
 * that the request leaves. And it hears first that a connection broke, which Reactor
 * Netty would log call by call.
 */
@Sharable
final class ConfidentialRequests extends ChannelDuplexHandler {

	private static final AttributeKey<Exchange> EXCHANGE = AttributeKey.valueOf(Exchange.class.getName());

	private static final String NAME = ConfidentialRequests.class.getName();

	private ConfidentialRequests() {
	}

	static HttpClient over(HttpClient httpClient) {
		ConfidentialRequests handler = new ConfidentialRequests();
		return httpClient.doOnChannelInit(handler::install).doOnRequest(ConfidentialRequests::prepare);
	}

	/**
	 * Whoever asks for a new connection hears when it does not come about.
	 */
	private void install(ConnectionObserver observer, Channel channel, @Nullable SocketAddress address) {
		attach(observer.currentContext(), channel);
		channel.pipeline().addAfter(NettyPipeline.HttpCodec, NAME, this);
	}

	private static void prepare(HttpClientRequest request, Connection connection) {
		attach(request.currentContextView(), connection.channel());
	}

	private static void attach(ContextView context, Channel channel) {
		Exchange exchange = Exchange.of(context);
		channel.attr(EXCHANGE).set(exchange);
		exchange.over(channel);
	}

	private static Exchange exchange(ChannelHandlerContext context) {
		return context.channel().attr(EXCHANGE).get();
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof HttpRequest request) {
			Exchange exchange = exchange(context);
			exchange.complete(request);
			if (!waitsForProxy(context) && !exchange.leave()) {
				ReferenceCountUtil.release(message);
				promise.tryFailure(new ClosedChannelException());
				context.close();
				return;
			}
		}
		context.write(message, promise);
	}

	/**
	 * A request is written while the proxy is still being asked, but then it waits.
	 */
	private static boolean waitsForProxy(ChannelHandlerContext context) {
		return context.pipeline().get(NettyPipeline.ProxyHandler) instanceof ProxyHandler proxy && !proxy.isConnected();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event instanceof ProxyConnectionEvent && !exchange(context).leave()) {
			context.close();
		}
		context.fireUserEventTriggered(event);
	}

	/**
	 * An answer that nobody waits for, or that is none, ends here.
	 */
	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		Exchange exchange = exchange(context);
		boolean garbled = message instanceof HttpObject part && part.decoderResult().isFailure();
		if (garbled) {
			exchange.fail(((HttpObject) message).decoderResult().cause());
		}
		if (garbled || message instanceof HttpResponse && exchange.isOver()) {
			ReferenceCountUtil.release(message);
			context.close();
		}
		else {
			context.fireChannelRead(message);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		exchange(context).fail(new ClosedChannelException());
		context.fireChannelInactive();
	}

	/**
	 * A connection with a fault is of no more use, whether a call waits for it or not.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		exchange(context).fail(cause);
		context.close();
	}

}
