package io.threescale.spring.client.http;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelOption;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider;

/**
 * The connections to one backend: a pool of their own, an HTTP client that does just what
 * it is told, and who waits for how long. Reactor Netty would by default repeat a request
 * whose connection breaks, and authrep is a GET that bills.
 *
 * @param pool the pool
 * @param httpClient the client
 * @param waiting who waits
 * @param timer bounds the waits. Few calls ever reach their bound, so that it is on time
 * by a tenth of a second only, and costs a call no thread that has to wake up
 */
record Connections(ConnectionProvider pool, HttpClient httpClient, Waiting waiting, Timer timer) {

	private static final long TICK_MILLIS = 50;

	/** The backend closes an unused connection after 20 seconds, without a word. */
	private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(15);

	private static final int UNBOUNDED = -1;

	static Connections of(ConnectionSettings settings) {
		Waiting waiting = new Waiting(settings.maxWaiting(), System::nanoTime);
		Timer timer = new HashedWheelTimer(new DefaultThreadFactory("threescale-timer", true), TICK_MILLIS,
				TimeUnit.MILLISECONDS);
		ConnectionProvider pool = ConnectionProvider.builder("threescale")
			.maxConnections(settings.maxConnections())
			.pendingAcquireMaxCount(UNBOUNDED)
			.pendingAcquireTimeout(settings.connectTimeout())
			.pendingAcquireTimer((giveUp, time) -> PendingAcquire.start(giveUp, time, waiting, timer))
			.maxIdleTime(MAX_IDLE_TIME)
			.maxLifeTime(settings.maxLifeTime())
			.build();
		HttpClient httpClient = HttpClient.create(pool)
			.protocol(HttpProtocol.HTTP11)
			.disableRetry(true)
			.followRedirect(false)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()));
		URI proxy = settings.proxy();
		return new Connections(pool, (proxy != null) ? httpClient.proxy((spec) -> through(proxy, spec)) : httpClient,
				waiting, timer);
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

	/**
	 * The wait for a connection to become free, which ends early when too many wait.
	 */
	private static final class PendingAcquire implements TimerTask, Disposable {

		private final Runnable giveUp;

		private final Waiting waiting;

		private final long due;

		private volatile boolean over;

		private volatile @Nullable Timeout timeout;

		private PendingAcquire(Runnable giveUp, Duration time, Waiting waiting) {
			this.giveUp = giveUp;
			this.waiting = waiting;
			this.due = System.nanoTime() + time.toNanos();
		}

		static PendingAcquire start(Runnable giveUp, Duration time, Waiting waiting, Timer timer) {
			PendingAcquire pending = new PendingAcquire(giveUp, time, waiting);
			pending.next(timer);
			return pending;
		}

		private void next(Timer timer) {
			this.timeout = timer.newTimeout(this, TICK_MILLIS, TimeUnit.MILLISECONDS);
		}

		@Override
		public void run(Timeout elapsed) {
			if (this.over) {
				return;
			}
			if (this.due - System.nanoTime() <= 0 || this.waiting.isCrowded()) {
				Schedulers.parallel().schedule(this.giveUp);
			}
			else {
				next(elapsed.timer());
			}
		}

		@Override
		public void dispose() {
			this.over = true;
			Timeout pending = this.timeout;
			if (pending != null) {
				pending.cancel();
			}
		}

	}

}
