/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Every line that a James in this process logs, stack traces included. */
final class JamesLog extends AppenderBase<ILoggingEvent> {

    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        events.add(event);
    }

    List<String> lines() {
        return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    String everything() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent event : events) {
            text.append(event.getFormattedMessage()).append('\n').append(event.getMDCPropertyMap());
            for (IThrowableProxy e = event.getThrowableProxy(); e != null; e = e.getCause()) {
                text.append(e.getClassName())
                        .append(": ")
                        .append(e.getMessage())
                        .append('\n');
            }
        }
        return text.toString();
    }

    static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    void listen() {
        start();
        root().addAppender(this);
    }

    void stopListening() {
        root().detachAppender(this);
    }

    /** What this exception and its causes say. */
    static List<String> causes(Throwable thrown) {
        List<String> messages = new ArrayList<>();
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            messages.add(String.valueOf(e.getMessage()));
        }
        return messages;
    }
}
