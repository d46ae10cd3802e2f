package io.threescale.spring.actuate;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import io.threescale.spring.ErrorCode;
import io.threescale.spring.client.reporting.DeadLetter;
import io.threescale.spring.client.reporting.DeadLetterListener;
import io.threescale.spring.metering.ApplicationNames;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last dead letters, for operators.
 *
 * @since 0.1.0
 */
public final class RecentDeadLetters implements DeadLetterListener {

	private static final int SIZE = 20;

	private final ApplicationNames names;

	private final Deque<Entry> letters = new ArrayDeque<>(SIZE);

	/**
	 * Create an empty collection.
	 * @param names names the applications
	 */
	public RecentDeadLetters(ApplicationNames names) {
		this.names = names;
	}

	/**
	 * Usage that 3scale will never take.
	 *
	 * @param application the name of the application
	 * @param usage the usage
	 * @param at when it happened, or {@code null}
	 * @param reason why it is not taken
	 * @param code the code of 3scale, or {@code null}
	 */
	record Entry(String application, Map<String, Long> usage, @Nullable Instant at, String reason,
			@Nullable String code) {
	}

	@Override
	public synchronized void onDeadLetter(DeadLetter letter) {
		ErrorCode code = letter.code();
		if (this.letters.size() == SIZE) {
			this.letters.removeLast();
		}
		this.letters.addFirst(new Entry(this.names.of(letter.transaction().application()),
				letter.transaction().usage().increments(), letter.transaction().timestamp(), Words.of(letter.reason()),
				(code != null) ? code.value() : null));
	}

	synchronized List<Entry> list() {
		return List.copyOf(this.letters);
	}

}
