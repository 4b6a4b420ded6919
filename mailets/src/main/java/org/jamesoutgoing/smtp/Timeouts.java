/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.time.Duration;
import java.util.List;

/**
 * How long to wait for a host. Each is the time for one whole reply, not for its next octet, so a host that sends one octet a
 * minute gains nothing. All are positive. The names and defaults are those of RFC 5321 §4.5.3.2.
 *
 * @param connect opening the TCP connection to one address (30 s)
 * @param greeting §4.5.3.2.1 (5 min)
 * @param helo {@code EHLO}, {@code HELO}, {@code STARTTLS} and each step of {@code AUTH} (5 min)
 * @param tls the TLS handshake (1 min)
 * @param mail §4.5.3.2.2 (5 min)
 * @param rcpt §4.5.3.2.3 (5 min)
 * @param dataInitiation §4.5.3.2.4: from {@code DATA} to 354 (2 min)
 * @param dataBlock §4.5.3.2.5: until the host takes more of the message, or answers a {@code BDAT} that is not the last (3 min)
 * @param dataTermination §4.5.3.2.6: from the final dot to its reply; too short a time makes duplicates (10 min)
 * @param reset {@code RSET} (20 s)
 * @param quit {@code QUIT}; the mail is delivered already (5 s)
 * @param transaction the deadline for opening a connection over all addresses, and the deadline for one transaction as a
 *     whole, plus one second for every 10,000 octets of the message (30 min)
 */
public record Timeouts(
        Duration connect,
        Duration greeting,
        Duration helo,
        Duration tls,
        Duration mail,
        Duration rcpt,
        Duration dataInitiation,
        Duration dataBlock,
        Duration dataTermination,
        Duration reset,
        Duration quit,
        Duration transaction) {

    /** The slowest transfer that the deadline of a transaction still lets through, octets a second. */
    private static final long SLOWEST_TRANSFER = 10_000;

    private static final Duration LONGEST = Duration.ofDays(1);

    public Timeouts {
        List<Duration> all = List.of(
                connect,
                greeting,
                helo,
                tls,
                mail,
                rcpt,
                dataInitiation,
                dataBlock,
                dataTermination,
                reset,
                quit,
                transaction);
        if (all.stream().anyMatch(t -> t.isZero() || t.isNegative() || t.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("a time-out is not between 1 ms and " + LONGEST + ": " + all);
        }
    }

    /** RFC 5321 §4.5.3.2. */
    public static Timeouts defaults() {
        Duration fiveMinutes = Duration.ofMinutes(5);
        return new Timeouts(
                Duration.ofSeconds(30),
                fiveMinutes,
                fiveMinutes,
                Duration.ofMinutes(1),
                fiveMinutes,
                fiveMinutes,
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofMinutes(30));
    }

    /** The same time for everything. */
    public static Timeouts all(Duration t) {
        return new Timeouts(t, t, t, t, t, t, t, t, t, t, t, t);
    }

    /** The deadline of a transaction whose message has that many octets (negative: unknown). */
    Duration transactionFor(long octets) {
        return transaction.plusSeconds(Math.max(0, octets) / SLOWEST_TRANSFER);
    }
}
