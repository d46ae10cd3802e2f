package io.threescale.spring.client.fleet;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import io.threescale.spring.client.reporting.spool.SpoolOwner;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UncertainSpoolException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * Takes over what members have left that are dead. A step is one batch of one of them.
 */
final class Adoption {

	private static final Log logger = LogFactory.getLog(Adoption.class);

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> LEFTOVERS = RedisScripts.load("leftovers");

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> ADOPT = RedisScripts.load("adopt");

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> WITHDRAW = RedisScripts.load("withdraw");

	private static final int BATCH = 500;

	private static final int REMEMBERED = 100;

	private final FleetMembers members;

	private final UsageCipher cipher;

	private final Change change;

	private final Queue<String> dead = new ArrayDeque<>();

	/** What was adopted lately, in case Redis comes back without knowing it. */
	private final Deque<Adopted> adopted = new ArrayDeque<>();

	private @Nullable FleetView view;

	/** The batch whose fate is open, as Redis has not answered. */
	private @Nullable Batch open;

	Adoption(FleetMembers members, UsageCipher cipher, Change change) {
		this.members = members;
		this.cipher = cipher;
		this.change = change;
	}

	/**
	 * Changes what this member has in Redis.
	 */
	@FunctionalInterface
	@SuppressWarnings("rawtypes")
	interface Change {

		List<String> run(RedisScript<List> script, List<String> moreKeys, List<String> arguments);

	}

	/**
	 * Entries of a dead member.
	 *
	 * @param member the dead member
	 * @param fields what they are called there
	 * @param usage what they will be here
	 */
	private record Batch(String member, List<String> fields, List<SpooledUsage> usage) {
	}

	/**
	 * Entries that a dead member must not have any more.
	 *
	 * @param member the dead member
	 * @param fields what they were called there
	 */
	private record Adopted(String member, List<String> fields) {
	}

	/**
	 * Do a step, if there is one to do.
	 */
	void next(SpoolOwner owner) {
		FleetView view = this.members.view();
		if (view != null && view != this.view) {
			this.view = view;
			this.dead.clear();
			this.dead.addAll(this.members.adoptable());
		}
		if (this.open == null && !this.dead.isEmpty()) {
			this.open = read(this.dead.element(), owner);
		}
		if (this.open != null) {
			adopt(this.open, owner);
		}
	}

	private @Nullable Batch read(String member, SpoolOwner owner) {
		FleetKeys keys = this.members.keys();
		List<String> answer;
		try {
			answer = this.members.run(LEFTOVERS, List.of(keys.members(), keys.usage(member), keys.fence(member)),
					List.of(member, String.valueOf(this.members.deadAfter().toMillis()), String.valueOf(BATCH)));
		}
		catch (RuntimeException ex) {
			return null;
		}
		Batch batch = new Batch(member, new ArrayList<>(), new ArrayList<>());
		IOException unreadable = null;
		for (int i = 1; i < answer.size(); i += 2) {
			try {
				SpooledUsage usage = this.cipher.decrypt(Long.parseLong(answer.get(i)), answer.get(i + 1));
				batch.fields().add(answer.get(i));
				batch.usage().add(usage.withId(owner.nextId()));
			}
			catch (IOException ex) {
				unreadable = ex;
			}
		}
		if (!batch.usage().isEmpty()) {
			return batch;
		}
		this.dead.remove();
		if (unreadable != null && this.members.leaveAlone(member)) {
			logger.error("Usage that another instance has left in Redis cannot be read, and is left alone: "
					+ unreadable.getMessage());
		}
		return null;
	}

	private void adopt(Batch batch, SpoolOwner owner) {
		List<String> arguments = new ArrayList<>(3 * batch.fields().size());
		for (int i = 0; i < batch.fields().size(); i++) {
			SpooledUsage usage = batch.usage().get(i);
			arguments.addAll(List.of(batch.fields().get(i), String.valueOf(usage.id()), this.cipher.encrypt(usage)));
		}
		try {
			Set<String> moved = new HashSet<>(
					this.change.run(ADOPT, List.of(this.members.keys().usage(batch.member())), arguments));
			this.open = null;
			remember(new Adopted(batch.member(), batch.fields()));
			owner.received(
					batch.usage().stream().filter((usage) -> moved.contains(String.valueOf(usage.id()))).toList());
		}
		catch (UncertainSpoolException ex) {
			logger.debug("Whether usage was adopted is found out when Redis is back", ex);
		}
	}

	private void remember(Adopted batch) {
		this.adopted.add(batch);
		if (this.adopted.size() > REMEMBERED) {
			this.adopted.remove();
		}
	}

	/**
	 * Forget a batch whose fate is open, as this member's own usage is lost or adopted.
	 */
	void reset() {
		this.open = null;
	}

	/**
	 * Take out again what was adopted lately: Redis may have come back with older data.
	 */
	void repeat() {
		reset();
		FleetKeys keys = this.members.keys();
		this.adopted.forEach((batch) -> this.members.run(WITHDRAW,
				List.of(keys.usage(batch.member()), keys.fence(batch.member())), batch.fields()));
	}

}
