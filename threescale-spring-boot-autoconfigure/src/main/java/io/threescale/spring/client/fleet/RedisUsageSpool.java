package io.threescale.spring.client.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.threescale.spring.client.fleet.FleetView.State;
import io.threescale.spring.client.reporting.spool.SpoolException;
import io.threescale.spring.client.reporting.spool.SpoolOwner;
import io.threescale.spring.client.reporting.spool.SpooledUsage;
import io.threescale.spring.client.reporting.spool.UncertainSpoolException;
import io.threescale.spring.client.reporting.spool.UsageSpool;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Keeps usage in Redis until it is reported, by this member or by one that adopts it.
 * Writes are numbered, so that it is noticed when Redis has lost some. While Redis is
 * away, nothing is tried, so that it is known what it does not have.
 */
final class RedisUsageSpool implements UsageSpool {

	private static final Log logger = LogFactory.getLog(RedisUsageSpool.class);

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> WRITE = RedisScripts.load("write");

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> LEAVE = RedisScripts.load("leave");

	private final FleetMembers members;

	private final UsageCipher cipher;

	private final Adoption adoption;

	private long writes;

	/** Number of the last write that Redis has confirmed, 0 if all is written anew. */
	private volatile long lastWrite;

	private @Nullable FleetView view;

	private boolean fenced;

	private boolean forgotten;

	private boolean rewriting;

	RedisUsageSpool(FleetMembers members, UsageCipher cipher) {
		this.members = members;
		this.cipher = cipher;
		this.adoption = new Adoption(members, cipher, this::change);
	}

	private void learn(State state) {
		this.fenced |= state == State.FENCED;
		this.forgotten |= state == State.FORGOTTEN;
	}

	@Override
	public boolean isDurable() {
		return true;
	}

	/**
	 * Become a member. What others have left is adopted later.
	 */
	@Override
	public List<SpooledUsage> load() {
		this.members.start(() -> this.lastWrite);
		return List.of();
	}

	@Override
	public long lastId() {
		return 0;
	}

	@Override
	public void attend(SpoolOwner owner) {
		FleetView view = this.members.view();
		if (view != null && view != this.view) {
			this.view = view;
			learn(view.state());
		}
		if (!this.members.isConnected()) {
			return;
		}
		if (this.fenced) {
			beginAnew(owner);
		}
		else if (this.forgotten) {
			writeAgain(owner);
		}
		else {
			this.adoption.next(owner);
		}
	}

	private void beginAnew(SpoolOwner owner) {
		logger.info("This instance was silent for too long, and others report what it had in Redis. It goes on as a "
				+ "new member");
		this.adoption.reset();
		this.lastWrite = 0;
		this.members.renew();
		this.forgotten = false;
		this.fenced = false;
		owner.withdrawn();
	}

	private void writeAgain(SpoolOwner owner) {
		logger.info("Redis has lost usage, which is written again");
		this.adoption.repeat();
		this.rewriting = true;
		try {
			owner.lost();
		}
		finally {
			this.rewriting = false;
		}
	}

	@Override
	public void write(Collection<SpooledUsage> changed, Collection<Long> removed) {
		boolean anew = this.forgotten;
		if (anew && !this.rewriting) {
			throw new SpoolException("Redis has lost its data", null);
		}
		List<String> arguments = new ArrayList<>(2 + 2 * changed.size() + removed.size());
		arguments.add(anew ? "1" : "0");
		arguments.add(String.valueOf(changed.size()));
		for (SpooledUsage usage : changed) {
			arguments.add(String.valueOf(usage.id()));
			arguments.add(this.cipher.encrypt(usage));
		}
		removed.forEach((id) -> arguments.add(String.valueOf(id)));
		if (anew) {
			this.lastWrite = 0;
			this.forgotten = false;
		}
		try {
			change(WRITE, List.of(), arguments);
		}
		catch (SpoolException ex) {
			this.forgotten |= anew;
			throw ex;
		}
	}

	/**
	 * Run a script that changes what this member has in Redis.
	 * @return what it answers beyond the number of the write
	 */
	@SuppressWarnings("rawtypes")
	private List<String> change(RedisScript<List> script, List<String> moreKeys, List<String> arguments) {
		if (!this.members.isConnected() || this.fenced) {
			throw new SpoolException("Redis does not answer", null);
		}
		this.writes++;
		List<String> keys = new ArrayList<>(ownKeys());
		keys.addAll(moreKeys);
		List<String> all = new ArrayList<>(
				List.of(this.members.id(), String.valueOf(this.lastWrite), String.valueOf(this.writes)));
		all.addAll(arguments);
		List<String> answer = run(script, keys, all);
		State state = State.valueOf(answer.get(0));
		learn(state);
		if (state != State.MEMBER) {
			throw new SpoolException("Redis has lost its data, or others have taken over", null);
		}
		this.lastWrite = Long.parseLong(answer.get(1));
		return answer.subList(2, answer.size());
	}

	private List<String> ownKeys() {
		FleetKeys keys = this.members.keys();
		String id = this.members.id();
		return List.of(keys.members(), keys.fence(id), keys.usage(id));
	}

	@SuppressWarnings("rawtypes")
	private List<String> run(RedisScript<List> script, List<String> keys, List<String> arguments) {
		try {
			return this.members.run(script, keys, arguments);
		}
		catch (RuntimeException ex) {
			String refusal = RedisScripts.refusal(ex);
			throw (refusal != null) ? new SpoolException("Redis refuses: " + refusal, ex) : new UncertainSpoolException(
					"Redis does not answer: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage(), ex);
		}
	}

	@Override
	public void close() {
		this.members.stop();
		if (this.members.isConnected()) {
			run(LEAVE, ownKeys(), List.of(this.members.id()));
		}
	}

}
