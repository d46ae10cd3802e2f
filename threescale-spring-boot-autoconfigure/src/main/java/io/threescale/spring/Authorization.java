package io.threescale.spring;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The answer to "may this caller use this?": either {@link Granted} or {@link Denied}.
 * Whether 3scale could be asked at all is not part of it; that is a
 * {@link ThreeScaleException}.
 *
 * @since 0.1.0
 */
public sealed interface Authorization {

	/**
	 * Return what 3scale tells of the application.
	 * @return the status, {@link ApplicationStatus#UNKNOWN} if it tells nothing
	 */
	ApplicationStatus status();

	/**
	 * Tell whether the call may go on.
	 * @return whether this is {@link Granted}
	 */
	default boolean isGranted() {
		return this instanceof Granted;
	}

	/**
	 * Return the plan of the application.
	 * @return the name of the plan, or {@code null} if it is not known
	 */
	default @Nullable String plan() {
		return status().plan();
	}

	/**
	 * Return the limits of the plan and how far they are used up.
	 * @return one report a limit, empty if there are none
	 */
	default List<UsageReport> usageReports() {
		return status().usageReports();
	}

	/**
	 * The caller may go on.
	 *
	 * @param status what 3scale tells of the application
	 */
	record Granted(ApplicationStatus status) implements Authorization {

		public Granted {
			Objects.requireNonNull(status, "'status' must not be null");
		}

	}

	/**
	 * The caller may not go on, by a fault of their own.
	 *
	 * @param code why
	 * @param reason 3scale's own words, with what it quotes of the caller's input masked,
	 * or {@code null} if there are none
	 * @param status what 3scale tells of the application
	 */
	record Denied(ErrorCode code, @Nullable String reason, ApplicationStatus status) implements Authorization {

		public Denied {
			Objects.requireNonNull(code, "'code' must not be null");
			Objects.requireNonNull(status, "'status' must not be null");
		}

	}

}
