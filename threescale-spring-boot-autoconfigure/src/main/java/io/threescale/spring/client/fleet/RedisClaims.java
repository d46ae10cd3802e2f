package io.threescale.spring.client.fleet;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.SteadyTime;
import io.threescale.spring.client.predictive.Claims;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * The claims of a fleet in Redis, by application. Each request is one script, which sees
 * all claims of the application. Redis does not learn which application it is.
 */
final class RedisClaims implements Claims {

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> CLAIM = RedisScripts.load("claim");

	private static final int FIELDS = 4;

	/** Far ahead, so that nothing is claimed by it. */
	private static final RedisTime UNKNOWN = new RedisTime(0, Long.MAX_VALUE / 2);

	private final RedisScripts scripts;

	private final FleetMembers members;

	private final FleetSecret secret;

	private final SteadyTime time;

	private volatile RedisTime redisTime = UNKNOWN;

	RedisClaims(RedisScripts scripts, FleetMembers members, FleetSecret secret, SteadyTime time) {
		this.scripts = scripts;
		this.members = members;
		this.secret = secret;
		this.time = time;
		members.afterBeat(this::learnTime);
	}

	/** Before the first call does, which would wait for the script to be loaded, too. */
	private void learnTime() {
		if (this.redisTime == UNKNOWN) {
			claim(new Request(ApplicationCredentials.userKey("none"), 0, List.of())).onErrorComplete().block();
		}
	}

	/**
	 * What an answer told of the time of Redis.
	 *
	 * @param arrivedAt when the answer arrived, by the steady time
	 * @param millis the time of Redis before that
	 */
	private record RedisTime(long arrivedAt, long millis) {

		/** Never ahead of the time of Redis. */
		long at(long steadyTime) {
			return this.millis + TimeUnit.NANOSECONDS.toMillis(steadyTime - this.arrivedAt);
		}

	}

	@Override
	public int instances() {
		return this.members.size();
	}

	@Override
	public Mono<Reply> claim(Request request) {
		List<String> keys = List.of(this.members.keys().members(),
				this.members.keys().claims(name(request.application())));
		return this.scripts.run(CLAIM, keys, arguments(request), RedisScripts.TIMEOUT).map(this::reply);
	}

	private String name(ApplicationCredentials application) {
		return HexFormat.of().formatHex(this.secret.key("claims:" + application.kind() + ":" + application.value()));
	}

	private List<String> arguments(Request request) {
		long now = this.redisTime.at(this.time.read());
		List<String> arguments = new ArrayList<>();
		arguments.add(this.members.id());
		add(arguments, request.sequence(), now);
		for (Window window : request.windows()) {
			arguments.add(window.name());
			add(arguments, window.generation(), window.shown(), (window.age() != NEVER) ? now - window.age() : 0,
					window.sure(), window.possible(), window.totalSure(), window.totalPossible(), window.left(),
					window.wish(), window.asked(), window.askedPossible(), window.beginOfGuard(), window.endOfGuard());
		}
		return arguments;
	}

	private static void add(List<String> arguments, long... values) {
		for (long value : values) {
			arguments.add(String.valueOf(value));
		}
	}

	private Reply reply(List<String> answer) {
		long now = Long.parseLong(answer.get(1));
		this.redisTime = new RedisTime(this.time.read(), now);
		List<Grant> grants = new ArrayList<>();
		for (int i = 2; i < answer.size(); i += FIELDS) {
			long askedAt = Long.parseLong(answer.get(i + 1));
			grants.add(new Grant(Long.parseLong(answer.get(i)), (askedAt != 0) ? now - askedAt : NEVER,
					Long.parseLong(answer.get(i + 2)), Long.parseLong(answer.get(i + 3))));
		}
		return new Reply(Outcome.valueOf(answer.get(0)), grants);
	}

}
