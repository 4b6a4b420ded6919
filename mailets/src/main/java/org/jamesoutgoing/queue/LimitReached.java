/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;


/** Why a mail is not admitted now: the limit that it would exceed. */
public record LimitReached(Kind kind, String subject, long limit) {

    public enum Kind {
        MAILS,
        OCTETS,
        DOMAIN,
        SENDER
    }

    /** Whether it is the sender's own doing. */
    public boolean isOfSender() {
        return kind == Kind.SENDER;
    }

    /** One line for people. */
    public String reason() {
        return switch (kind) {
            case MAILS -> "the outgoing queue is full: " + limit + " mails";
            case OCTETS -> "the outgoing queue is full: " + limit + " octets";
            case DOMAIN -> "too many mails wait for " + subject + ": " + limit;
            case SENDER -> "too many mails of " + subject + " wait: " + limit;
        };
    }
}
