/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Room that is kept for mails between RCPT and admission. Not thread-safe: the ledger's.
 *
 * <p>What nobody takes is free again after half an hour: longer than a client may take for its message and the spool to
 * process it.
 */
final class Reservations {

    private static final long LIFETIME = Duration.ofMinutes(30).toNanos();

    /** What is kept for one mail. */
    private static final class Kept {
        final String sender;
        final Map<String, Long> octetsByDomain = new LinkedHashMap<>();
        final long since;

        Kept(String sender, long since) {
            this.sender = sender;
            this.since = since;
        }
    }

    private final LongSupplier nanoTime;
    /** In the order of their age. */
    private final LinkedHashMap<String, Kept> byToken = new LinkedHashMap<>();

    private final Map<String, Long> byDomain = new HashMap<>();
    private final Map<String, Long> bySender = new HashMap<>();
    private QueueUsage inAll = QueueUsage.NOTHING;

    /** @param nanoTime a clock that only goes forward, in nanoseconds */
    Reservations(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean has(String token, String domain) {
        Kept kept = byToken.get(token);
        return kept != null && kept.octetsByDomain.containsKey(domain);
    }

    void add(String token, String sender, String domain, long octets) {
        forgetOld();
        byToken.computeIfAbsent(token, any -> new Kept(sender, nanoTime.getAsLong()))
                .octetsByDomain
                .put(domain, octets);
        count(sender, domain, octets, 1);
    }

    /** Takes what is kept for a mail to these domains, if it is. */
    void take(String token, Set<String> domains) {
        forgetOld();
        Kept kept = byToken.get(token);
        if (kept == null) {
            return;
        }
        for (String domain : domains) {
            Long octets = kept.octetsByDomain.remove(domain);
            if (octets != null) {
                count(kept.sender, domain, octets, -1);
            }
        }
        if (kept.octetsByDomain.isEmpty()) {
            byToken.remove(token);
        }
    }

    void free(String token) {
        Kept kept = byToken.remove(token);
        if (kept != null) {
            kept.octetsByDomain.forEach((domain, octets) -> count(kept.sender, domain, octets, -1));
        }
    }

    QueueUsage inAll() {
        forgetOld();
        return inAll;
    }

    long toDomain(String domain) {
        return byDomain.getOrDefault(domain, 0L);
    }

    long ofSender(String sender) {
        return bySender.getOrDefault(sender, 0L);
    }

    private void forgetOld() {
        Iterator<Map.Entry<String, Kept>> oldest = byToken.entrySet().iterator();
        while (oldest.hasNext()) {
            Kept kept = oldest.next().getValue();
            if (nanoTime.getAsLong() - kept.since < LIFETIME) {
                return;
            }
            oldest.remove();
            kept.octetsByDomain.forEach((domain, octets) -> count(kept.sender, domain, octets, -1));
        }
    }

    private void count(String sender, String domain, long octets, int sign) {
        inAll = inAll.plus(new QueueUsage(sign, sign * octets));
        byDomain.merge(domain, (long) sign, (had, more) -> had + more == 0 ? null : Long.valueOf(had + more));
        bySender.merge(sender, (long) sign, (had, more) -> had + more == 0 ? null : Long.valueOf(had + more));
    }
}
