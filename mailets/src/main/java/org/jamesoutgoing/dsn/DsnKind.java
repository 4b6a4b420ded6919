/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jamesoutgoing.dsn.template.TemplateKind;

/** What a delivery status notification says about its recipients; the Action field of RFC 3464 §2.3.3. */
public enum DsnKind {
    /** We gave up: refused, or expired in the queue. A failure may have been temporary all the time (4.4.7). */
    FAILURE("failed", "45", TemplateKind.FAILURE),
    /** Not delivered yet, and we go on trying. */
    DELAY("delayed", "4", TemplateKind.DELAY),
    /** The next hop took it and does not do DSN itself, so nobody after us will tell the sender (RFC 3461 §5.2.2). */
    SUCCESS("relayed", "2", TemplateKind.SUCCESS),
    /** It lies in the recipient's mailbox. Outgoing mail never does; other processors of James know. */
    DELIVERED("delivered", "2", TemplateKind.SUCCESS),
    /** Sent on to several addresses, of which the sender will not be told (RFC 3461 §5.2.7.3). */
    EXPANDED("expanded", "2", TemplateKind.SUCCESS);

    /** RFC 3463 §2: no leading zeros. */
    private static final Pattern STATUS = Pattern.compile("[245]\\.(?:0|[1-9]\\d{0,2})\\.(?:0|[1-9]\\d{0,2})");

    private final String action;
    private final String classes;
    private final TemplateKind template;

    DsnKind(String action, String classes, TemplateKind template) {
        this.action = action;
        this.classes = classes;
        this.template = template;
    }

    /** What these words tell of outgoing mail. */
    public static DsnKind of(TemplateKind words) {
        return switch (words) {
            case FAILURE, QUEUE_FULL -> FAILURE;
            case DELAY -> DELAY;
            case SUCCESS -> SUCCESS;
        };
    }

    /** Upper and lower case alike; empty when RFC 3464 has no such action. */
    public static Optional<DsnKind> ofAction(String action) {
        return Arrays.stream(values())
                .filter(kind -> kind.action.equals(action.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** The value of the Action field. */
    public String action() {
        return action;
    }

    /** Its usual words. */
    public TemplateKind template() {
        return template;
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
    String plainStatus() {
        return classes.charAt(classes.length() - 1) + ".0.0";
    }

    boolean isToldBy(TemplateKind words) {
        return words == template || (this == FAILURE && words == TemplateKind.QUEUE_FULL);
    }
}
