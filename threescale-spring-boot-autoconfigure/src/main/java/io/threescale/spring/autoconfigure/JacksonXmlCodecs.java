package io.threescale.spring.autoconfigure;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.core.codec.Decoder;
import org.springframework.core.codec.Encoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.codec.CodecConfigurer;
import org.springframework.http.codec.xml.Jaxb2XmlDecoder;
import org.springframework.http.codec.xml.Jaxb2XmlEncoder;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeType;

/**
 * Puts into the place of the Jackson XML codecs what is there without Jackson XML: those
 * of JAXB, or none.
 */
final class JacksonXmlCodecs {

	private static final boolean JAXB = ClassUtils.isPresent("jakarta.xml.bind.Binder",
			JacksonXmlCodecs.class.getClassLoader());

	private JacksonXmlCodecs() {
	}

	static void withhold(CodecConfigurer configurer) {
		configurer.defaultCodecs().jacksonXmlEncoder(JAXB ? new Jaxb2XmlEncoder() : new None());
		configurer.defaultCodecs().jacksonXmlDecoder(JAXB ? new Jaxb2XmlDecoder() : new None());
	}

	/**
	 * Knows no type and no format.
	 */
	private static final class None implements Encoder<Object>, Decoder<Object> {

		@Override
		public boolean canEncode(ResolvableType elementType, @Nullable MimeType mimeType) {
			return false;
		}

		@Override
		public Flux<DataBuffer> encode(Publisher<?> inputStream, DataBufferFactory bufferFactory,
				ResolvableType elementType, @Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
			return Flux.error(new UnsupportedOperationException());
		}

		@Override
		public List<MimeType> getEncodableMimeTypes() {
			return List.of();
		}

		@Override
		public boolean canDecode(ResolvableType elementType, @Nullable MimeType mimeType) {
			return false;
		}

		@Override
		public Flux<Object> decode(Publisher<DataBuffer> inputStream, ResolvableType elementType,
				@Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
			return Flux.error(new UnsupportedOperationException());
		}

		@Override
		public Mono<Object> decodeToMono(Publisher<DataBuffer> inputStream, ResolvableType elementType,
				@Nullable MimeType mimeType, @Nullable Map<String, Object> hints) {
			return Mono.error(new UnsupportedOperationException());
		}

		@Override
		public List<MimeType> getDecodableMimeTypes() {
			return List.of();
		}

	}

}
