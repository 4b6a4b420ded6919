/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

/**
 * The connections to one host.
 *
 * @param open connections now, those being opened and the idle ones included
 * @param idle connections without work
 * @param waiting mails that wait for a connection
 */
public record HostConnections(int open, int idle, int waiting) {

    public static final HostConnections NONE = new HostConnections(0, 0, 0);

    HostConnections plus(HostConnections others) {
        return new HostConnections(open + others.open, idle + others.idle, waiting + others.waiting);
    }
}
