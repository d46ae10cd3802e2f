package io.threescale.spring.sandbox;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Reads the parameters of a {@code multipart/form-data} body. Files are none.
 */
final class MultipartReader {

	// A byte a character, as in the request it comes from.
	private static final Charset BYTES = StandardCharsets.ISO_8859_1;

	private MultipartReader() {
	}

	static Parameters read(RawRequest request) {
		String type = String.valueOf(request.header("content-type"));
		// Netty makes do with what has arrived, the backend insists on the end.
		if (!request.body().contains("--" + boundary(type) + "--")) {
			throw malformed();
		}
		FullHttpRequest body = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/",
				Unpooled.wrappedBuffer(request.body().getBytes(BYTES)));
		body.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
		HttpPostMultipartRequestDecoder decoder = null;
		try {
			decoder = new HttpPostMultipartRequestDecoder(new DefaultHttpDataFactory(false), body, BYTES,
					ParameterReader.MAX_PAIRS, body.content().readableBytes() + 1);
			return read(decoder);
		}
		catch (DecoderException | IOException ex) {
			throw malformed();
		}
		finally {
			if (decoder != null) {
				decoder.destroy();
			}
			body.release();
		}
	}

	private static @Nullable String boundary(String type) {
		try {
			String boundary = MediaType.parseMediaType(type).getParameter("boundary");
			return (boundary != null) ? boundary.replace("\"", "") : null;
		}
		catch (InvalidMediaTypeException ex) {
			return null;
		}
	}

	private static Halt malformed() {
		return Halt.badRequest("Invalid multipart/form-data: Rack::Multipart::EmptyContentError");
	}

	private static Parameters read(HttpPostMultipartRequestDecoder decoder) throws IOException {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		for (InterfaceHttpData part : decoder.getBodyHttpDatas()) {
			if (part instanceof Attribute attribute) {
				ParameterNesting.put(values, ParameterReader.utf8(attribute.getName().getBytes(BYTES)),
						ParameterReader.utf8(attribute.get()));
			}
		}
		return new Parameters(values);
	}

}
