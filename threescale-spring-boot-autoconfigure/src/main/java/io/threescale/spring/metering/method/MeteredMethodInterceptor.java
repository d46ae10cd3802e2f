package io.threescale.spring.metering.method;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.Function;

import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.CurrentCalls;
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

/**
 * Performs authrep before a metered method, unless it is part of a call that is metered
 * already: of a request, or of another metered method around it. A parameter of type
 * {@link MeteredCall} gets the call, whatever the caller passes.
 *
 * @since 0.1.0
 */
public final class MeteredMethodInterceptor implements MethodInterceptor {

	private final MeteringGate gate;

	private final MeteredMethods methods;

	private final MethodCredentialsResolver credentials;

	private final CurrentCalls currentCalls;

	/**
	 * Create an interceptor.
	 * @param gate decides
	 * @param methods tells what a method uses
	 * @param credentials finds out for whom a method is called
	 * @param currentCalls knows the call that a thread works for
	 */
	public MeteredMethodInterceptor(MeteringGate gate, MeteredMethods methods, MethodCredentialsResolver credentials,
			CurrentCalls currentCalls) {
		this.gate = gate;
		this.methods = methods;
		this.credentials = credentials;
		this.currentCalls = currentCalls;
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
		CurrentCall current = this.currentCalls.find();
		MeteredCall around = around(operation, current);
		return (around != null) ? proceed(invocation, around) : blocking(invocation, operation, current);
	}

	private @Nullable MeteredOperation operation(MethodInvocation invocation) {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? AopUtils.getTargetClass(target) : invocation.getMethod().getDeclaringClass();
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
		return this.methods.of(type, method).operation();
	}

	/**
	 * Find the call that a method is part of. What it uses that is known only afterwards
	 * cannot be added to a call that is done.
	 */
	private static @Nullable MeteredCall around(MeteredOperation operation, @Nullable CurrentCall current) {
		MeteredCall around = (current != null) ? current.get() : null;
		boolean isPart = around != null && around.isMetered()
				&& (!around.isDone() || operation.chargeOn().isAdmission());
		return isPart ? around : null;
	}

	private @Nullable Object blocking(MethodInvocation invocation, MeteredOperation operation,
			@Nullable CurrentCall current) throws Throwable {
		MeteredCall call = MeteringGate.await(this.gate.admit(operation, this.credentials.resolve(invocation)));
		return work(call, current).of(() -> proceed(invocation, call));
	}

	private MeteredWork work(MeteredCall call, @Nullable CurrentCall current) {
		if (current != null) {
			current.set(call);
		}
		return new MeteredWork(this.gate, this.currentCalls, call);
	}

	/**
	 * Call the method at each subscription, with a copy of its arguments.
	 */
	private Flux<Object> reactive(ProxyMethodInvocation invocation, MeteredOperation operation) {
		CurrentCall assembledIn = this.currentCalls.find();
		return Flux.deferContextual((context) -> {
			CurrentCall subscribedIn = CurrentCall.in(context);
			CurrentCall current = (subscribedIn != null) ? subscribedIn : assembledIn;
			Mono<Flux<Object>> decision = Mono.defer(() -> decide(invocation.invocableClone(), operation, current));
			return ((current != null) ? current.inTurn(decision) : decision).flatMapMany(Function.identity());
		});
	}

	private Mono<Flux<Object>> decide(MethodInvocation invocation, MeteredOperation operation,
			@Nullable CurrentCall current) {
		MeteredCall around = around(operation, current);
		if (around != null) {
			return Mono.just(Flux.defer(() -> publisher(invocation, around)));
		}
		return this.gate.admit(operation, this.credentials.resolve(invocation)).map((call) -> {
			MeteredWork work = work(call, current);
			return Flux.defer(() -> settled(invocation, call, work));
		});
	}

	private static Flux<Object> settled(MethodInvocation invocation, MeteredCall call, MeteredWork work) {
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
