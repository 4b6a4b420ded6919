/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;


/** A mail of the service, as it is known without reading it. */
public record ListedMail(QueueState state, WaitingEntry facts) {

    /** The same, said to wait for another reason. */
    public ListedMail because(String reason) {
        return new ListedMail(state, facts.because(reason));
    }

    public String id() {
        return facts.recordId().id();
    }
}
