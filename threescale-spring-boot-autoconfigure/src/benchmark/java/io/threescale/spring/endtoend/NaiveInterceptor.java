package io.threescale.spring.endtoend;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.xml.XmlMapper;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Strict metering as one would write it in an hour: ask, read the answer, let pass. Not
 * there where only start-up is measured, as applications have no Jackson XML.
 */
@ConditionalOnClass(XmlMapper.class)
class NaiveInterceptor implements HandlerInterceptor, WebMvcConfigurer {

	private final XmlMapper xml = new XmlMapper();

	private final WebClient backend;

	NaiveInterceptor(@Value("${threescale.url}") String url) {
		this.backend = WebClient.create(url);
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).addPathPatterns("/naive");
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		byte[] answer = this.backend.get()
			.uri("/transactions/authrep.xml?service_token=token&service_id=1001&user_key={key}&usage%5Bhits%5D=1",
					request.getHeader("user-key"))
			.retrieve()
			.bodyToMono(byte[].class)
			.block();
		JsonNode status = this.xml.readTree(answer);
		return status.path("authorized").asBoolean();
	}

}
