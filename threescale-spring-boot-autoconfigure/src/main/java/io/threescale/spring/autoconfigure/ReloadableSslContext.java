package io.threescale.spring.autoconfigure;

import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/**
 * Gives each new connection the keys and certificates that are the latest then. Those
 * that are open go on with what they have.
 */
final class ReloadableSslContext extends SslContext {

	private volatile SslContext latest;

	ReloadableSslContext(SslContext first) {
		this.latest = first;
	}

	void reload(SslContext latest) {
		this.latest = latest;
	}

	@Override
	public boolean isClient() {
		return this.latest.isClient();
	}

	@Override
	public List<String> cipherSuites() {
		return this.latest.cipherSuites();
	}

	@Override
	@SuppressWarnings("deprecation")
	public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
		return this.latest.applicationProtocolNegotiator();
	}

	@Override
	public SSLSessionContext sessionContext() {
		return this.latest.sessionContext();
	}

	@Override
	public SSLEngine newEngine(ByteBufAllocator allocator) {
		return this.latest.newEngine(allocator);
	}

	@Override
	public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
		return this.latest.newEngine(allocator, host, port);
	}

	@Override
	protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
		return this.latest.newHandler(allocator);
	}

	@Override
	protected SslHandler newHandler(ByteBufAllocator allocator, String host, int port, boolean startTls) {
		return this.latest.newHandler(allocator, host, port);
	}

}
