package io.threescale.spring.client.predictive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.predictive.Claims.Grant;
import io.threescale.spring.client.predictive.Claims.Outcome;
import io.threescale.spring.client.predictive.Claims.Reply;
import io.threescale.spring.client.predictive.Claims.Request;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a fleet in memory, line by line as the script has them in Redis. Times
 * are in milliseconds. A test holds it against the script.
 */
public final class SimulatedClaims {

	private static final long IDLE = 600_000;

	private static final long SHOWN_AFTER = 30_000;

	private static final long SETTLE = 1_000;

	private final LongSupplier now;

	private final Map<ApplicationCredentials, State> states = new HashMap<>();

	private final Set<String> members = new HashSet<>();

	public SimulatedClaims(LongSupplier now) {
		this.now = now;
	}

	private static final class State {

		private final Map<String, Long> sequences = new HashMap<>();

		private final Map<String, Window> windows = new HashMap<>();

		private long time;

	}

	private static final class Window {

		private final Map<String, Claim> claims = new HashMap<>();

		private long shown;

		private long at;

		private long sure;

		private long level;

		private long used;

	}

	private static final class Claim {

		private final long generation;

		private long sure;

		private long possible;

		private long totalSure;

		private long totalPossible;

		private long left;

		private @Nullable Long gone;

		private Claim(Claims.Window window) {
			this.generation = window.generation();
			this.sure = window.sure();
			this.possible = window.possible();
			this.totalSure = window.totalSure();
			this.totalPossible = window.totalPossible();
			this.left = window.left();
		}

	}

	public void join(String member) {
		this.members.add(member);
	}

	public boolean remove(String member) {
		return this.members.remove(member);
	}

	/** Lose all data but the members, which come again by themselves. */
	void lose() {
		this.states.clear();
	}

	int size() {
		return this.members.size();
	}

	/**
	 * Run the script. Ages of the request and the reply are by the time of this.
	 */
	public Reply run(String member, Request request) {
		long now = this.now.getAsLong();
		if (!this.members.contains(member)) {
			throw new IllegalStateException("NOMEMBER");
		}
		State state = this.states.computeIfAbsent(request.application(), (absent) -> new State());
		if (request.sequence() <= state.sequences.getOrDefault(member, 0L)) {
			return new Reply(Outcome.AGAIN, List.of());
		}
		state.sequences.put(member, request.sequence());
		if (state.time > now + SETTLE) {
			state.windows.clear();
		}
		state.time = now;
		boolean refused = false;
		for (Claims.Window asked : request.windows()) {
			Window window = claim(member, state, asked, now);
			refused |= asked.asked() >= 0 && window.sure > asked.endOfGuard();
		}
		List<Grant> grants = new ArrayList<>();
		for (Claims.Window asked : request.windows()) {
			grants.add(grant(member, state.windows.get(asked.name()), asked, refused, now));
		}
		for (Window window : state.windows.values()) {
			Claim claim = window.claims.get(member);
			if (request.windows().isEmpty() && claim != null) {
				window.sure -= claim.left;
				window.level -= claim.left;
				claim.left = 0;
				claim.gone = now;
				window.used = now;
			}
		}
		state.windows.values().removeIf((window) -> now - window.used > IDLE);
		state.sequences.keySet().retainAll(this.members);
		return new Reply(refused ? Outcome.REFUSED : Outcome.CLAIMED, grants);
	}

	private Window claim(String member, State state, Claims.Window asked, long now) {
		Claim claim = new Claim(asked);
		long at = (asked.age() != Claims.NEVER) ? now - asked.age() : 0;
		Window window = state.windows.get(asked.name());
		if (window == null) {
			window = new Window();
			window.shown = asked.shown();
			window.at = at;
			window.sure = window.shown;
			window.level = window.shown;
			state.windows.put(asked.name(), window);
		}
		else if (at > window.at) {
			window.shown = asked.shown();
			window.at = at;
		}
		Claim before = window.claims.get(member);
		if (before != null && before.generation == claim.generation) {
			window.sure += claim.totalSure + claim.left - before.totalSure - before.left;
			window.level += claim.totalPossible + claim.left - before.totalPossible - before.left;
		}
		else {
			window.sure += claim.sure + claim.left;
			window.level += claim.possible + claim.left;
		}
		window.claims.put(member, claim);
		window.used = now;
		bound(window, now);
		return window;
	}

	private void bound(Window window, long now) {
		window.claims.forEach((member, claim) -> {
			if (!this.members.contains(member) && claim.gone == null) {
				claim.gone = now;
			}
		});
		window.claims.values().removeIf((claim) -> claim.gone != null && window.at >= claim.gone + SHOWN_AFTER);
		long sure = window.shown;
		long possible = window.shown;
		for (Claim claim : window.claims.values()) {
			sure += claim.sure + claim.left;
			possible += claim.possible + claim.left;
		}
		window.sure = Math.max(window.shown, Math.min(window.sure, sure));
		window.level = Math.max(window.shown, Math.min(window.level, possible));
	}

	private Grant grant(String member, Window window, Claims.Window asked, boolean refused, long now) {
		Claim claim = window.claims.get(member);
		if (refused) {
			long sure = Math.max(0, asked.asked());
			claim.sure -= sure;
			claim.totalSure -= sure;
			window.sure -= sure;
			claim.possible -= asked.askedPossible();
			claim.totalPossible -= asked.askedPossible();
			window.level -= asked.askedPossible();
		}
		long room = Math.max(0, asked.beginOfGuard() - window.level);
		long granted = Math.max(0, Math.min(asked.wish() - claim.left, room));
		claim.left += granted;
		window.sure += granted;
		window.level += granted;
		return new Grant(window.shown, (window.at != 0) ? now - window.at : Claims.NEVER, granted, room - granted);
	}

}
