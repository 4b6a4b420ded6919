/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a delivery status notification tells: to a program by its action (RFC 3464 §2.3.3), to a person by its templates. */
public enum DsnKind {
    /** We gave up: refused, or expired in the queue. A failure may have been temporary all the time (4.4.7). */
    FAILURE("failure", "failed", "45"),
    /** Not delivered yet, and we go on trying. */
    DELAY("delay", "delayed", "4"),
    /** The next hop took it and does not do DSN itself, so nobody after us will tell the sender (RFC 3461 §5.2.2). */
    SUCCESS("success", "relayed", "2"),
    /** Not taken at all, as too much mail is waiting; to a program this is a failure. */
    QUEUE_FULL("queue-full", "failed", "45"),
    /** It lies in the recipient's mailbox. Outgoing mail never does; other processors of James know. */
    DELIVERED("success", "delivered", "2"),
    /** Sent on to several addresses, of which the sender will not be told (RFC 3461 §5.2.7.3). */
    EXPANDED("success", "expanded", "2");

    /** RFC 3463 §2: no leading zeros. */
    private static final Pattern STATUS = Pattern.compile("[245]\\.(?:0|[1-9]\\d{0,2})\\.(?:0|[1-9]\\d{0,2})");

    private final String word;
    private final String action;
    private final String classes;

    DsnKind(String word, String action, String classes) {
        this.word = word;
        this.action = action;
        this.classes = classes;
    }

    /** The kind whose templates these are. */
    public static Optional<DsnKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** Upper and lower case alike; empty when RFC 3464 has no such action. */
    public static Optional<DsnKind> ofAction(String action) {
        return Arrays.stream(values())
                .filter(kind -> kind.action.equals(action.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Its templates, as they are called in file names and in the REST API. */
    public String word() {
        return word;
    }

    /** The kind whose templates tell it: itself, if it has some of its own. */
    public DsnKind template() {
        return of(word).orElseThrow();
    }

    /** The value of the Action field. */
    public String action() {
        return action;
    }

    /** Whether to a program it is a failure. */
    public boolean isFailure() {
        return action.equals(FAILURE.action);
    }

    /** Whether the mail went well, so that there is no error to tell of. */
    public boolean isSuccess() {
        return classes.equals("2");
    }

    /** Whether this is a status code (RFC 3463 §2) that can stand beside the action. */
    public boolean fits(String status) {
        return STATUS.matcher(status).matches() && classes.indexOf(status.charAt(0)) >= 0;
    }

    /** The status code that tells nothing more than the action. */
    public String plainStatus() {
        return classes.charAt(classes.length() - 1) + ".0.0";
    }
}
