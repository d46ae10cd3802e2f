package io.threescale.spring.metering.method;

import java.lang.reflect.Method;
import java.util.function.Function;

import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteredMethods;
import io.threescale.spring.metering.MeteredOperation;
import io.threescale.spring.metering.MeteredWork;
import io.threescale.spring.metering.MeteringGate;
import io.threescale.spring.metering.problem.MeteringException;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.ReactiveAdapter;

/**
 * Performs authrep before a metered method, unless it is part of a call that is metered
 * already: of a request, or of another metered method around it. A parameter of type
 * {@link MeteredCall} gets the call, whatever the caller passes.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
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
		Class<?> type = targetClass(invocation);
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), type);
		MeteredOperation operation = this.methods.of(type, method).operation();
		if (operation == null) {
			return invocation.proceed();
		}
		ReactiveAdapter adapter = MethodResult.adapter(method);
		if (adapter != null) {
			Flux<Object> results = reactive((ProxyMethodInvocation) invocation, operation, adapter);
			return adapter.fromPublisher(adapter.isMultiValue() ? results : results.singleOrEmpty());
		}
		CurrentCall current = this.currentCalls.find();
		MeteredCall around = around(operation, current);
		return (around != null) ? proceed(invocation, around) : blocking(invocation, operation, current);
	}

	private static Class<?> targetClass(MethodInvocation invocation) {
		Object target = invocation.getThis();
		return (target != null) ? AopProxyUtils.ultimateTargetClass(target)
				: invocation.getMethod().getDeclaringClass();
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
	private Flux<Object> reactive(ProxyMethodInvocation invocation, MeteredOperation operation,
			ReactiveAdapter adapter) {
		CurrentCall assembledIn = this.currentCalls.find();
		return Flux.deferContextual((context) -> {
			CurrentCall subscribedIn = CurrentCall.in(context);
			CurrentCall current = (subscribedIn != null) ? subscribedIn : assembledIn;
			Mono<Flux<Object>> decision = Mono
				.defer(() -> decide(invocation.invocableClone(), operation, adapter, current));
			return ((current != null) ? current.inTurn(decision) : decision).flatMapMany(Function.identity());
		});
	}

	private Mono<Flux<Object>> decide(MethodInvocation invocation, MeteredOperation operation, ReactiveAdapter adapter,
			@Nullable CurrentCall current) {
		MeteredCall around = around(operation, current);
		if (around != null) {
			return Mono.just(Flux.defer(() -> results(invocation, around, adapter)));
		}
		return this.gate.admit(operation, this.credentials.resolve(invocation)).map((call) -> {
			MeteredWork work = work(call, current);
			return Flux.defer(() -> work.of(results(invocation, call, adapter), adapter));
		});
	}

	private static Flux<Object> results(MethodInvocation invocation, MeteredCall call, ReactiveAdapter adapter) {
		try {
			return Flux.from(adapter.toPublisher(proceed(invocation, call)));
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
