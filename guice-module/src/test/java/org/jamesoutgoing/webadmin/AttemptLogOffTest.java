/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.service.OutgoingServices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A stock James has nothing of ours written down below WARN. */
class AttemptLogOffTest {

    private final Logger attempts = (Logger) LoggerFactory.getLogger("org.jamesoutgoing.attempt");
    private final Logger services = (Logger) LoggerFactory.getLogger(OutgoingServices.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final RunningServices james = new RunningServices();

    @BeforeEach
    void listen() {
        log.start();
        services.addAppender(log);
    }

    @AfterEach
    void stop() {
        james.close();
        services.detachAppender(log);
        attempts.setLevel(null);
    }

    private List<String> warnings() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void whileTheAttemptLogIsOffOneLineAtTheStartSaysWhatToAdd() throws Exception {
        attempts.setLevel(Level.WARN);
        james.start("outgoing", Map.of());
        james.start("partners", Map.of());
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains(
                        "the attempt log is off", "<logger name=\"org.jamesoutgoing\" level=\"INFO\"/>", "logback.xml");
    }

    @Test
    void whileItIsOnThereIsNoSuchLine() throws Exception {
        attempts.setLevel(Level.INFO);
        james.start("outgoing", Map.of());
        assertThat(warnings()).isEmpty();
    }
}
