package io.threescale.spring.observation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.ObservationRegistry;
import io.threescale.spring.ApplicationCredentials;
import io.threescale.spring.fixture.Application;
import io.threescale.spring.metering.ThreeScaleMetered;
import io.threescale.spring.metering.method.MethodCredentialsResolver;
import io.threescale.spring.sandbox.ThreeScaleSandbox;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.spring.SyncMcpAnnotationProviders;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

/**
 * The tokens of a language model are charged to whoever made it speak.
 */
@Tag("ai")
class ChatTokensTests {

	private static final String METRICS = "threescale.sandbox.services.1001.metrics";

	private static final String[] SANDBOX = { "threescale.sandbox.enabled=true", METRICS + "[0].name=hits",
			METRICS + "[1].name=tokens.in", METRICS + "[2].name=tokens.out", METRICS + "[3].name=weather",
			"threescale.sandbox.services.1001.applications[0].user-key=key-1" };

	private static final String INPUT = "threescale.ai.input-metric=tokens.in";

	private static final String OUTPUT = "threescale.ai.output-metric=tokens.out";

	@ParameterizedTest
	@EnumSource(names = { "SERVLET", "REACTIVE" })
	void tokensAreAddedToTheCallThatAskedForThem(WebApplicationType type) {
		try (Application application = start(type, INPUT, OUTPUT, "spring.reactor.context-propagation=auto")) {
			assertThat(application.get("/answer").body()).isEqualTo("Yes");
			assertThat(application.get("/stream").statusCode()).isEqualTo(200);
			assertThat(application.get("/free").statusCode()).isEqualTo(200);
			assertUsage(application, "hits", 2);
			assertUsage(application, "tokens.in", 77);
			assertUsage(application, "tokens.out", 121);
		}
	}

	@Test
	void whenBothAreOneMetricThenTheyAddUp() {
		try (Application application = start(WebApplicationType.SERVLET, INPUT,
				"threescale.ai.output-metric=tokens.in")) {
			application.get("/answer");
			assertUsage(application, "tokens.in", 18);
		}
	}

	@Test
	void whenNoMetricIsNamedThenTokensAreFree() {
		try (Application application = start(WebApplicationType.SERVLET, OUTPUT, "threescale.ai.input-metric= ")) {
			application.get("/answer");
			assertUsage(application, "tokens.out", 11);
			assertUsage(application, "tokens.in", 0);
		}
	}

	@Test
	void whenAMetricCannotBeOneThenDoesNotStart() {
		assertThatThrownBy(() -> start(WebApplicationType.SERVLET, INPUT, "threescale.ai.output-metric=[tokens.out]"))
			.rootCause()
			.hasMessageContaining("'threescale.ai.output-metric' must be a system name");
	}

	@Test
	void whenNothingObservesChatsThenDoesNotStart() {
		assertThatThrownBy(() -> Application.start(Unobserved.class,
				StringUtils.concatenateStringArrays(SANDBOX, new String[] { INPUT })))
			.hasMessageContaining("'threescale.ai.input-metric' has no effect");
	}

	@Test
	void whenAReactiveChainKeepsNoContextThenDoesNotStart() {
		assertThatThrownBy(() -> start(WebApplicationType.REACTIVE, OUTPUT)).rootCause()
			.hasMessageContaining("'threescale.ai.output-metric' has no effect");
	}

	@Test
	void aToolOfAModelCanBeMetered() {
		try (Application application = start(WebApplicationType.SERVLET, "threescale.advisor.enabled=true")) {
			assertThat(application.get("/tool").body()).contains("Rain");
			assertUsage(application, "weather", 1);
			assertUsage(application, "hits", 0);
		}
	}

	private static Application start(WebApplicationType type, String... properties) {
		return Application.start(type, Chats.class, StringUtils.concatenateStringArrays(SANDBOX, properties));
	}

	private static void assertUsage(Application application, String metric, long units) {
		ThreeScaleSandbox sandbox = application.bean(ThreeScaleSandbox.class);
		Awaitility.await().untilAsserted(() -> assertThat(sandbox.usage("key-1", metric)).isEqualTo(units));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Controller.class, Tools.class })
	static class Chats {

		@Bean
		ChatModel model(ObservationRegistry registry) {
			return new StubModel(registry);
		}

		@Bean
		MethodCredentialsResolver caller() {
			return (invocation) -> ApplicationCredentials.userKey("key-1");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Unobserved {

		@Bean
		ObservationRegistry registry() {
			return ObservationRegistry.NOOP;
		}

	}

	@RestController
	static class Controller {

		private final ChatModel model;

		private final Tools tools;

		Controller(ChatModel model, Tools tools) {
			this.model = model;
			this.tools = tools;
		}

		@GetMapping("/answer")
		@ThreeScaleMetered
		String answer() {
			return this.model.call("Question");
		}

		@GetMapping("/stream")
		@ThreeScaleMetered
		Flux<String> stream() {
			return this.model.stream("Question");
		}

		@GetMapping("/free")
		String free() {
			return this.model.call("Question");
		}

		@GetMapping("/tool")
		String tool() {
			return SyncMcpAnnotationProviders.toolSpecifications(List.of(this.tools))
				.get(0)
				.callHandler()
				.apply(mock(McpSyncServerExchange.class),
						CallToolRequest.builder("weather").arguments(Map.of()).build())
				.content()
				.toString();
		}

	}

	static class Tools {

		@McpTool(description = "The weather")
		@ThreeScaleMetered("weather")
		public String weather() {
			return "Rain";
		}

	}

	/**
	 * Tells of its calls as the models of Spring AI do.
	 */
	private record StubModel(ObservationRegistry registry) implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			ChatModelObservationContext context = context(prompt);
			return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION
				.observation(null, new DefaultChatModelObservationConvention(), () -> context, this.registry)
				.observe(() -> {
					ChatResponse response = response(7, 11);
					context.setResponse(response);
					return response;
				});
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.deferContextual((view) -> {
				ChatModelObservationContext context = context(prompt);
				var observation = ChatModelObservationDocumentation.CHAT_MODEL_OPERATION
					.observation(null, new DefaultChatModelObservationConvention(), () -> context, this.registry)
					.start();
				ChatResponse last = response(70, 110);
				return Flux.just(response(0, 0), last)
					.publishOn(Schedulers.single())
					.doOnComplete(() -> context.setResponse(last))
					// As late as it may be
					.doFinally((signal) -> Schedulers.single().schedule(observation::stop, 200, TimeUnit.MILLISECONDS));
			});
		}

		private static ChatModelObservationContext context(Prompt prompt) {
			return ChatModelObservationContext.builder().prompt(prompt).provider("stub").build();
		}

		private static ChatResponse response(int input, int output) {
			return new ChatResponse(List.of(new Generation(new AssistantMessage("Yes"))),
					ChatResponseMetadata.builder().usage(new DefaultUsage(input, output)).build());
		}

	}

}
