/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.time.Duration;

/**
 * Where the time of one mail at one host went; zero for what was not done. Waiting for a place in the pool is in none of them.
 *
 * @param connect opening a connection, without TLS: TCP, over all addresses tried, greeting, {@code EHLO}, {@code AUTH}; zero
 *     on a connection that was there already
 * @param tls {@code STARTTLS} handshakes, or that of implicit TLS
 * @param transaction from {@code MAIL} to the last reply
 */
public record Timings(Duration connect, Duration tls, Duration transaction) {

    public static final Timings NONE = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** One host after another. */
    public Timings plus(Timings other) {
        return new Timings(connect.plus(other.connect), tls.plus(other.tls), transaction.plus(other.transaction));
    }
}
