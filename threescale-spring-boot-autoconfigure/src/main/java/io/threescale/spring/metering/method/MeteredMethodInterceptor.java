package io.threescale.spring.metering.method;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.threescale.spring.metering.CompletedCall;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.metering.MeteringGate;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.NamedThreadLocal;

/**
 * Performs authrep before a metered method, unless it is part of a call that is metered
 * already: of a request, or of another metered method around it. A parameter of type
 * {@link MeteredCall} gets the call, whatever the caller passes.
 *
 * @since 0.1.0
 */
public final class MeteredMethodInterceptor implements MethodInterceptor {

	/** The metered method the thread is in. */
	private final ThreadLocal<MeteredCall> outer = new NamedThreadLocal<>("Metered method");

	private final MeteringGate gate;

	private final MeteredMethods methods;

	private final MethodCredentialsResolver credentials;

	private final CurrentCall requestCall;

	/**
	 * Create an interceptor.
	 * @param gate decides
	 * @param methods tells what a method uses
	 * @param credentials finds out for whom a method is called
	 * @param requestCall knows the call of the request that is being served
	 */
	public MeteredMethodInterceptor(MeteringGate gate, MeteredMethods methods, MethodCredentialsResolver credentials,
			CurrentCall requestCall) {
		this.gate = gate;
		this.methods = methods;
		this.credentials = credentials;
		this.requestCall = requestCall;
	}

	/**
	 * Call the method if it is not metered, part of a metered call, or granted now.
	 * @throws MeteringException if the caller may not
	 */
	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		MeteredOperation operation = operation(invocation);
		if (operation == null) {
			return invocation.proceed();
		}
		Class<?> type = invocation.getMethod().getReturnType();
		if (type == Mono.class || type == Flux.class) {
			// The arguments are copied, as each subscription calls the method
			MethodInvocation copy = ((ProxyMethodInvocation) invocation).invocableClone();
			return (type == Mono.class) ? reactive(copy, operation, true).singleOrEmpty()
					: reactive(copy, operation, false);
		}
		MeteredCall around = around();
		return (around != null && isPart(operation, around)) ? proceed(invocation, around)
				: blocking(invocation, operation);
	}

	private @Nullable MeteredOperation operation(MethodInvocation invocation) {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? AopUtils.getTargetClass(target) : invocation.getMethod().getDeclaringClass();
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
		return this.methods.of(type, method).operation();
	}

	/**
	 * What a method uses that is known only afterwards cannot be added to a call that is
	 * done.
	 */
	private static boolean isPart(MeteredOperation operation, MeteredCall around) {
		return !around.isDone() || operation.chargeOn().isAdmission();
	}

	private @Nullable MeteredCall around() {
		@Nullable MeteredCall around = this.outer.get();
		return (around != null) ? around : this.requestCall.get();
	}

	private @Nullable Object blocking(MethodInvocation invocation, MeteredOperation operation) throws Throwable {
		MeteredCall call = MeteringGate.await(this.gate.admit(operation, this.credentials.resolve(invocation)));
		this.requestCall.set(call);
		this.outer.set(call);
		try {
			Object result = proceed(invocation, call);
			if (result instanceof CompletionStage<?> stage) {
				stage.whenComplete((value, ex) -> settle(call, CompletedCall.ofWork(ex != null, value)));
			}
			else {
				settle(call, CompletedCall.ofWork(false, result));
			}
			return result;
		}
		catch (Throwable ex) {
			settle(call, CompletedCall.ofWork(true, null));
			throw ex;
		}
		finally {
			this.outer.remove();
		}
	}

	private Flux<Object> reactive(MethodInvocation invocation, MeteredOperation operation, boolean single) {
		MeteredCall known = around();
		return Flux.deferContextual((context) -> {
			MeteredCall around = (known != null) ? known : around(context);
			MethodInvocation copy = ((ProxyMethodInvocation) invocation).invocableClone();
			if (around != null) {
				return publisher(copy, around);
			}
			return this.gate.admit(operation, this.credentials.resolve(copy))
				.flatMapMany((call) -> settled(publisher(copy, call), call, single));
		});
	}

	private static @Nullable MeteredCall around(ContextView context) {
		Supplier<@Nullable MeteredCall> around = context.getOrDefault(MeteredCall.class, () -> null);
		return (around != null) ? around.get() : null;
	}

	private Flux<Object> settled(Flux<Object> work, MeteredCall call, boolean single) {
		Outcome outcome = new Outcome();
		return work.contextWrite(MeteredCall.into(() -> call))
			.doOnNext((value) -> outcome.result = single ? value : null)
			.doOnError((ex) -> outcome.failed = true)
			.doFinally((signal) -> settle(call, CompletedCall.ofWork(outcome.failed, outcome.result)));
	}

	private static Flux<Object> publisher(MethodInvocation invocation, MeteredCall call) {
		try {
			return Flux.from((Publisher<?>) Objects.requireNonNull(proceed(invocation, call))).cast(Object.class);
		}
		catch (Throwable ex) {
			return Flux.error(ex);
		}
	}

	private static @Nullable Object proceed(MethodInvocation invocation, MeteredCall call) throws Throwable {
		Class<?>[] types = invocation.getMethod().getParameterTypes();
		for (int i = 0; i < types.length; i++) {
			if (types[i] == MeteredCall.class) {
				invocation.getArguments()[i] = call;
			}
		}
		return invocation.proceed();
	}

	private void settle(MeteredCall call, CompletedCall completed) {
		this.gate.settle(call, completed).subscribe();
	}

	/**
	 * What came of work that goes on by itself.
	 */
	private static final class Outcome {

		private volatile @Nullable Object result;

		private volatile boolean failed;

	}

}
