package io.threescale.spring.observation;

import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.threescale.spring.metering.CurrentCall;
import io.threescale.spring.metering.CurrentCalls;
import io.threescale.spring.metering.MeteredCall;
import io.threescale.spring.metering.MeteringGate;
import org.jetbrains.annotations.ApiStatus;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

/**
 * Adds the tokens of a chat response of Spring AI to the metered call that asked for it.
 * Spring AI observes every call of a chat model, and tells there what it has used. A chat
 * that is not part of a metered call is nobody's to pay for.
 *
 * @since 0.1.0
 */
@ApiStatus.Internal
public final class ChatTokens implements ObservationHandler<ChatModelObservationContext> {

	private final Supplier<MeteringGate> gate;

	private final CurrentCalls currentCalls;

	private final @Nullable String inputMetric;

	private final @Nullable String outputMetric;

	/**
	 * Create a handler.
	 * @param gate charges the tokens; looked up when it is needed, as it is observed too
	 * @param currentCalls knows the call a thread works for
	 * @param inputMetric the metric of the tokens of prompts, or {@code null} if they are
	 * free
	 * @param outputMetric the metric of the tokens of responses, or {@code null} if they
	 * are free
	 */
	public ChatTokens(Supplier<MeteringGate> gate, CurrentCalls currentCalls, @Nullable String inputMetric,
			@Nullable String outputMetric) {
		this.gate = gate;
		this.currentCalls = currentCalls;
		this.inputMetric = inputMetric;
		this.outputMetric = outputMetric;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ChatModelObservationContext;
	}

	/**
	 * A stream ends on any thread, but begins on that of its call.
	 */
	@Override
	public void onStart(ChatModelObservationContext context) {
		CurrentCall current = this.currentCalls.find();
		if (current != null) {
			context.put(CurrentCall.class, current);
		}
	}

	/**
	 * Spring AI tells of the end of a stream after the stream has ended, so that its call
	 * may be done.
	 */
	@Override
	public void onStop(ChatModelObservationContext context) {
		CurrentCall current = context.get(CurrentCall.class);
		MeteredCall call = (current != null) ? current.get() : null;
		ChatResponse response = context.getResponse();
		if (call != null && response != null) {
			Usage usage = response.getMetadata().getUsage();
			charge(call, this.inputMetric, usage.getPromptTokens());
			charge(call, this.outputMetric, usage.getCompletionTokens());
		}
	}

	private void charge(MeteredCall call, @Nullable String metric, @Nullable Integer tokens) {
		if (metric != null && tokens != null && tokens > 0) {
			this.gate.get().charge(call, metric, tokens);
		}
	}

}
