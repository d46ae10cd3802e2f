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
	 * Where a decision comes from.
	 */
	enum Source {

		/** 3scale has decided about this call. */
		BACKEND,

		/** It was decided in the process, by an answer of 3scale that is good. */
		LOCAL,

		/** It was decided in the process by an old answer, as 3scale is away. */
		LAST_KNOWN

	}

	/**
	 * Return where the decision comes from.
	 * @return who has decided
	 */
	Source source();

	/**
	 * Return the same decision, of another source.
	 * @param source who has decided
	 * @return the decision
	 */
	Authorization from(Source source);

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
	 * @param source who has decided
	 */
	record Granted(ApplicationStatus status, Source source) implements Authorization {

		public Granted {
			Objects.requireNonNull(status, "'status' must not be null");
			Objects.requireNonNull(source, "'source' must not be null");
		}

		/**
		 * Create a decision of 3scale's.
		 * @param status what 3scale tells of the application
		 */
		public Granted(ApplicationStatus status) {
			this(status, Source.BACKEND);
		}

		@Override
		public Granted from(Source source) {
			return new Granted(this.status, source);
		}

	}

	/**
	 * The caller may not go on, by a fault of their own.
	 *
	 * @param code why
	 * @param reason 3scale's own words, with what it quotes of the caller's input masked,
	 * or {@code null} if there are none
	 * @param status what 3scale tells of the application
	 * @param source who has decided
	 */
	record Denied(ErrorCode code, @Nullable String reason, ApplicationStatus status,
			Source source) implements Authorization {

		public Denied {
			Objects.requireNonNull(code, "'code' must not be null");
			Objects.requireNonNull(status, "'status' must not be null");
			Objects.requireNonNull(source, "'source' must not be null");
		}

		/**
		 * Create a decision of 3scale's.
		 * @param code why
		 * @param reason 3scale's own words, or {@code null}
		 * @param status what 3scale tells of the application
		 */
		public Denied(ErrorCode code, @Nullable String reason, ApplicationStatus status) {
			this(code, reason, status, Source.BACKEND);
		}

		@Override
		public Denied from(Source source) {
			return new Denied(this.code, this.reason, this.status, source);
		}

	}

}
