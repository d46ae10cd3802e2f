package io.threescale.spring.metering.method;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import io.threescale.spring.metering.CompletedCall;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredWork;
import io.threescale.spring.metering.MeteringException;
import io.threescale.spring.metering.MeteringGate;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
			Flux<Object> results = reactive((ProxyMethodInvocation) invocation, operation);
			return (type == Mono.class) ? results.singleOrEmpty() : results;
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
				stage.whenComplete((value, ex) -> this.gate.settle(call, CompletedCall.ofWork(ex != null, value)));
			}
			else {
				this.gate.settle(call, CompletedCall.ofWork(false, result));
			}
			return result;
		}
		catch (Throwable ex) {
			this.gate.settle(call, CompletedCall.ofWork(true, null));
			throw ex;
		}
		finally {
			this.outer.remove();
		}
	}

	/**
	 * Call the method at each subscription, with a copy of its arguments.
	 */
	private Flux<Object> reactive(ProxyMethodInvocation invocation, MeteredOperation operation) {
		MeteredCall known = around();
		return Flux.deferContextual((context) -> {
			MeteredCall around = (known != null) ? known : MeteredCall.in(context);
			MethodInvocation copy = invocation.invocableClone();
			return (around != null) ? publisher(copy, around)
					: this.gate.admit(operation, this.credentials.resolve(copy))
						.flatMapMany((call) -> settled(copy, call));
		});
	}

	private Flux<Object> settled(MethodInvocation invocation, MeteredCall call) {
		MeteredWork work = new MeteredWork(this.gate, call);
		Flux<Object> results = publisher(invocation, call);
		return (invocation.getMethod().getReturnType() == Mono.class) ? work.of(results.singleOrEmpty()).flux()
				: work.of(results);
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

}
