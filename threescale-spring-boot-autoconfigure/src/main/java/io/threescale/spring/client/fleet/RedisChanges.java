package io.threescale.spring.client.fleet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.client.predictive.Changes;

import org.springframework.data.redis.core.script.RedisScript;

/**
 * Changes in a stream of Redis, read and written with each heartbeat. That needs no
 * connection of its own, and nothing is missed when one breaks, as it is with pub/sub.
 */
final class RedisChanges implements Changes {

	@SuppressWarnings("rawtypes")
	private static final RedisScript<List> EXCHANGE = RedisScripts.load("changes");

	private final FleetMembers members;

	private final UsageCipher cipher;

	private final Set<ApplicationCredentials> untold = ConcurrentHashMap.newKeySet();

	/** The last change that was read. */
	private String last = "0";

	RedisChanges(FleetMembers members, UsageCipher cipher) {
		this.members = members;
		this.cipher = cipher;
	}

	@Override
	public void tell(ApplicationCredentials application) {
		this.untold.add(application);
	}

	@Override
	public void listen(Consumer<ApplicationCredentials> listener) {
		this.members.afterBeat(() -> exchange(listener));
	}

	private void exchange(Consumer<ApplicationCredentials> listener) {
		List<ApplicationCredentials> told = List.copyOf(this.untold);
		List<String> arguments = new ArrayList<>(List.of(this.members.id(), this.last));
		told.forEach((application) -> arguments.add(this.cipher.encrypt(application)));
		List<String> answer;
		try {
			answer = this.members.run(EXCHANGE, List.of(this.members.keys().changes()), arguments);
		}
		catch (RuntimeException ex) {
			// Told again after the next heartbeat
			return;
		}
		this.untold.removeAll(told);
		this.last = answer.get(0);
		for (String change : answer.subList(1, answer.size())) {
			read(change, listener);
		}
	}

	private void read(String change, Consumer<ApplicationCredentials> listener) {
		try {
			listener.accept(this.cipher.decryptApplication(change));
		}
		catch (IOException ex) {
			// Of a fleet with another secret
		}
	}

}
