/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.Arrays;
import java.util.Optional;

/** What a notification tells; each has its own words. */
public enum TemplateKind {
    /** We gave up: refused, or expired in the queue. */
    FAILURE("failure"),
    /** Not delivered yet, and we go on trying. */
    DELAY("delay"),
    /** Handed over to a server that will not tell any more. */
    SUCCESS("success"),
    /** Not taken at all, as too much mail is waiting; to a program this is a failure. */
    QUEUE_FULL("queue-full");

    private final String word;

    TemplateKind(String word) {
        this.word = word;
    }

    /** As it stands in file names and in the REST API. */
    public String word() {
        return word;
    }

    public static Optional<TemplateKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
}
