package io.threescale.spring.metering;

import java.util.Set;

import io.threescale.spring.Authorization;
import io.threescale.spring.Authorization.Granted;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may take as an argument: the call, or the decision about it.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class MeteredCallArgument {

	private static final Set<Class<?>> TYPES = Set.of(MeteredCall.class, Authorization.class, Granted.class);

	private MeteredCallArgument() {
	}

	/**
	 * Return the types of such arguments.
	 * @return the types
	 */
	public static Set<Class<?>> types() {
		return TYPES;
	}

	/**
	 * Tell whether an argument is one of those.
	 * @param type the type of the parameter
	 * @return whether it is
	 */
	public static boolean supports(Class<?> type) {
		return TYPES.contains(type);
	}

	/**
	 * Return the argument.
	 * @param type the type of the parameter
	 * @param call the call, or {@code null} if nobody decided about it
	 * @return the call, or the decision about it
	 */
	public static Object of(Class<?> type, @Nullable MeteredCall call) {
		MeteredCall given = (call != null) ? call : MeteredCall.unmetered();
		if (type == MeteredCall.class) {
			return given;
		}
		Authorization authorization = given.authorization();
		return (type == Granted.class) ? new Granted(authorization.status()) : authorization;
	}

}
