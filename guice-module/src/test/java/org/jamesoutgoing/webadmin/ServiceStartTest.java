/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a service says when it starts, and what it does not start with. */
class ServiceStartTest {

    private final RunningServices james = new RunningServices();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("org.jamesoutgoing.service");

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        james.close();
        logger.detachAppender(log);
    }

    private List<String> warnings(String word) {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message -> message.contains(word))
                .toList();
    }

    @Test
    void outgoingQueueIsSaidToLeaveMailOfRemoteDeliveryBehind() throws Exception {
        james.start("partners", Map.of("outgoingQueue", "partners"));
        assertThat(warnings("RemoteDelivery")).singleElement().asString().contains("adoptQueue=outgoing");
    }

    @Test
    void nothingIsSaidOfMailThatRemoteDeliveryCannotHaveLeft() throws Exception {
        james.start("outgoing", Map.of("outgoingQueue", "outgoing"));
        james.start("second", Map.of("outgoing", "second"));
        james.start("third", Map.of("outgoingQueue", "third"));
        james.stopAll();
        james.start("adopting", Map.of("outgoingQueue", "adopting", "adoptQueue", "outgoing"));
        assertThat(warnings("RemoteDelivery")).isEmpty();
    }

    @Test
    void noQueueIsTakenOverThatIsReadOrTakenOverAlready() throws Exception {
        james.start("first", Map.of());
        assertThatThrownBy(() -> james.start("second", Map.of("adoptQueue", "first")))
                .hasMessage(
                        "OutgoingDelivery: adoptQueue: 'first' is an outgoing queue; allowed: a queue that nobody reads");
        james.start("third", Map.of("adoptQueue", "old"));
        assertThatThrownBy(() -> james.start("fourth", Map.of("adoptQueue", "old")))
                .hasMessageContaining("adoptQueue: 'old' is taken over by another queue");
        assertThatThrownBy(() -> james.start("old", Map.of()))
                .hasMessageContaining("queue 'old' is taken over by queue 'third'");
    }

    @Test
    void aHeloNameThatIsNoneIsSaidOnce() throws Exception { // RFC 5321 §4.1.1.1
        james.start("outgoing", Map.of("heloName", "mail"));
        james.start("outgoing", Map.of("heloName", "mail"));
        assertThat(warnings("EHLO"))
                .singleElement()
                .asString()
                .contains("queue outgoing", "'mail'", "heloName", "defaultDomain");
    }

    @Test
    void aFullHeloNameIsNothingToBeSaid() throws Exception {
        james.start("outgoing", Map.of());
        james.start("literal", Map.of("heloName", "[192.0.2.1]"));
        assertThat(warnings("EHLO")).isEmpty();
    }
}
