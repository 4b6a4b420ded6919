/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What a {@link ReceivingServer} does when it should answer. */
public sealed interface Answer {

    /** The usual 2xx or 3xx reply. */
    static Answer accept() {
        return new Accept();
    }

    /** This reply; several lines are separated by LF and must have their codes. */
    static Answer reply(String text) {
        return new Reply(text);
    }

    /** Never answers, keeps the connection open. */
    static Answer stall() {
        return new Stall();
    }

    /** Closes the connection without a word. */
    static Answer drop() {
        return new Drop();
    }

    /** This reply, then it closes the connection. */
    static Answer replyAndDrop(String text) {
        return new ReplyAndDrop(text);
    }

    /** Waits, then does this. */
    static Answer after(Duration delay, Answer then) {
        return new After(delay, then);
    }

    /** Waits until this has happened, then does that. */
    static Answer when(CountDownLatch happened, Answer then) {
        return new When(happened, then);
    }

    record Accept() implements Answer {}

    record Reply(String text) implements Answer {}

    record ReplyAndDrop(String text) implements Answer {}

    record Stall() implements Answer {}

    record Drop() implements Answer {}

    record After(Duration delay, Answer then) implements Answer {}

    record When(CountDownLatch happened, Answer then) implements Answer {}
}
