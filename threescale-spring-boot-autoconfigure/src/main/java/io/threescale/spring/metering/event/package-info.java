/**
 * What an application hears of its callers and of 3scale: events of Spring's, to be heard
 * by an {@link org.springframework.context.event.EventListener}.
 */
@NullMarked
package io.threescale.spring.metering.event;

import org.jspecify.annotations.NullMarked;
