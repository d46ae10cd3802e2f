package io.threescale.spring.client.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import io.threescale.spring.client.answer.Answer;
import io.threescale.spring.client.answer.Operation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * One request and its answer. It carries what is out of everybody's sight: the query,
 * which is secret, and the options. It ends in time. And it knows whether the request has
 * left, which tells a harmless failure from an ambiguous one: once it is over, nothing
 * leaves. What concerns its connection happens on the thread of that, so that it never
 * ends while the answer is being handed over.
 */
final class Exchange implements CoreSubscriber<Answer>, TimerTask, Disposable {

	private static final String OPTIONS = "3scale-options";

	private enum Stage {

		WAITING, SENT, OVER

	}

	private final HttpBackend backend;

	private final Operation operation;

	private final String query;

	private final String options;

	private final MonoSink<Answer> sink;

	private final Context context;

	private final long start = System.nanoTime();

	private final long due;

	private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

	private volatile long sentAt;

	private volatile @Nullable Answer head;

	private volatile @Nullable Channel channel;

	private volatile @Nullable Subscription subscription;

	private volatile @Nullable Timeout timeout;

	Exchange(HttpBackend backend, Operation operation, String query, String options, MonoSink<Answer> sink) {
		this.backend = backend;
		this.operation = operation;
		this.query = query;
		this.options = options;
		this.sink = sink;
		this.context = Context.of(sink.contextView()).put(Exchange.class, this);
		this.due = Deadline.earlier(this.context, this.start + backend.totalTimeout());
	}

	static Exchange of(ContextView context) {
		return context.get(Exchange.class);
	}

	void start(Mono<Answer> call) {
		if (!this.backend.waiting().enter()) {
			this.stage.set(Stage.OVER);
			this.sink.error(this.backend.crowded(this.operation));
			return;
		}
		this.sink.onDispose(this);
		if (this.due - this.start <= 0) {
			fail(new TimeoutException());
			return;
		}
		next(Math.min(this.due - this.start, this.backend.responseTimeout()));
		call.subscribe(this);
	}

	/**
	 * Use a connection, which may not be open yet.
	 */
	void over(Channel channel) {
		this.channel = channel;
	}

	boolean isOver() {
		return this.stage.get() == Stage.OVER;
	}

	/**
	 * Complete the request with what nobody else is to see.
	 */
	void complete(HttpRequest request) {
		if (!this.query.isEmpty()) {
			request.setUri(request.uri() + "?" + this.query);
		}
		if (!this.options.isEmpty()) {
			request.headers().set(OPTIONS, this.options);
		}
	}

	/**
	 * Let the request leave.
	 * @return {@code false} if the call is over, and nothing may leave any more
	 */
	boolean leave() {
		this.sentAt = System.nanoTime();
		return this.stage.compareAndSet(Stage.WAITING, Stage.SENT);
	}

	/**
	 * Read the answer. Its status has decided when the headers are there: whatever
	 * happens to the body after that, or does not happen in time, takes nothing back.
	 */
	Mono<Answer> read(ClientResponse response) {
		Answer answer = Answer.head(response.statusCode().value(), response.headers().asHttpHeaders());
		this.head = answer;
		this.backend.waiting().answered(this.start);
		return response.bodyToMono(byte[].class).map(answer::with).defaultIfEmpty(answer.withoutBody());
	}

	/**
	 * End the call without an answer, or without the rest of it.
	 */
	void fail(Throwable failure) {
		Stage last = end();
		if (last == Stage.OVER) {
			return;
		}
		cancel(last);
		Answer answer = this.head;
		if (answer != null) {
			this.sink.success(answer);
		}
		else {
			this.sink.error(this.backend.unavailable(this.operation, last == Stage.SENT, failure));
		}
	}

	/**
	 * The same, from any thread; the timer's own has more to do than what may follow.
	 */
	void giveUp(Throwable failure) {
		onItsThread(() -> fail(failure));
	}

	private void onItsThread(Runnable task) {
		Channel connection = this.channel;
		if (connection != null && !connection.eventLoop().isShuttingDown()) {
			connection.eventLoop().execute(task);
		}
		else {
			Schedulers.parallel().schedule(task);
		}
	}

	private Stage end() {
		Stage last = this.stage.getAndSet(Stage.OVER);
		if (last != Stage.OVER) {
			this.backend.waiting().leave();
			Timeout pending = this.timeout;
			if (pending != null) {
				pending.cancel();
			}
		}
		return last;
	}

	/**
	 * A connection that is not open yet would be held back until its own time limit.
	 */
	private void cancel(Stage last) {
		Subscription call = this.subscription;
		if (call != null) {
			call.cancel();
		}
		Channel connection = this.channel;
		if (connection != null && last == Stage.WAITING) {
			connection.close();
		}
	}

	/**
	 * Nobody waits for the answer any more.
	 */
	@Override
	public void dispose() {
		Stage last = end();
		if (last != Stage.OVER) {
			onItsThread(() -> cancel(last));
		}
	}

	@Override
	public void run(Timeout elapsed) {
		if (isOver()) {
			return;
		}
		long now = System.nanoTime();
		boolean sent = this.stage.get() == Stage.SENT;
		long end = sent ? earlier(this.sentAt + this.backend.responseTimeout()) : this.due;
		if (end - now <= 0) {
			giveUp(new TimeoutException());
		}
		else {
			// It may leave at any time
			next(sent ? end - now : Math.min(end - now, this.backend.responseTimeout()));
		}
	}

	private long earlier(long other) {
		return (other - this.due < 0) ? other : this.due;
	}

	private void next(long nanos) {
		this.timeout = this.backend.timer().newTimeout(this, nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription call) {
		this.subscription = call;
		if (isOver()) {
			call.cancel();
		}
		else {
			call.request(Long.MAX_VALUE);
		}
	}

	@Override
	public void onNext(Answer answer) {
		if (end() != Stage.OVER) {
			this.sink.success(answer);
		}
	}

	@Override
	public void onError(Throwable failure) {
		Throwable cause = failure.getCause();
		fail((failure instanceof WebClientRequestException && cause != null) ? cause : failure);
	}

	@Override
	public void onComplete() {
		// An answer was there before
	}

}
