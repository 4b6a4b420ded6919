/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import org.jamesoutgoing.dsn.words.TemplateKind;

/** What a delivery status notification says about its recipients; the Action field of RFC 3464 §2.3.3. */
public enum DsnKind {
    /** We gave up: refused, or expired in the queue. */
    FAILURE("failed", TemplateKind.FAILURE),
    /** Not delivered yet, and we go on trying. */
    DELAY("delayed", TemplateKind.DELAY),
    /** The next hop took it and does not do DSN itself, so nobody after us will tell the sender (RFC 3461 §5.2.2). */
    SUCCESS("relayed", TemplateKind.SUCCESS);

    private final String action;
    private final TemplateKind template;

    DsnKind(String action, TemplateKind template) {
        this.action = action;
        this.template = template;
    }

    /** The value of the Action field. */
    String action() {
        return action;
    }

    /** Its usual words. */
    public TemplateKind template() {
        return template;
    }

    boolean isToldBy(TemplateKind words) {
        return words == template || (this == FAILURE && words == TemplateKind.QUEUE_FULL);
    }
}
