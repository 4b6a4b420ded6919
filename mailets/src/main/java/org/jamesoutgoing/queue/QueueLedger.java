/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.james.core.MaybeSender;

/**
 * Every mail of the service and its state, with counts that cost no scan: no queue of James can be asked for them. Whoever
 * moves a mail says so here. What James knows better, because somebody used its own webadmin or because the service has been
 * restarted, {@link QueueAudit} brings in.
 *
 * <p>An entry is that of one record of a mail ({@link RecordId}); what is said of an earlier record of it is ignored.
 * Entries that are only there to tell somebody something, without a recipient to deliver to, are not listed.
 *
 * <p>Thread-safe. Nothing here blocks; {@link #mails} gives a view that may be read while it changes.
 */
public final class QueueLedger {

    /** How large a mail is expected to be when there is none to compare it with. */
    private static final long USUAL_OCTETS = 16 * 1024;

    private final NavigableMap<String, ListedMail> byId = new ConcurrentSkipListMap<>();
    private final Map<QueueState, QueueUsage> byState = new EnumMap<>(QueueState.class);
    private final Map<String, Long> byDomain = new HashMap<>();
    private final Map<String, Long> bySender = new HashMap<>();
    private final Reservations reservations;
    /** Mails of the waiting room that are not read yet. */
    private long unread;
    /** Mails of the outgoing queue that cannot be read. */
    private long unreadQueued;
    /** What ended while an audit runs; null: none runs. */
    private Set<String> endedMeanwhile;

    /** @param nanoTime a clock that only goes forward, in nanoseconds */
    public QueueLedger(LongSupplier nanoTime) {
        reservations = new Reservations(nanoTime);
    }

    /**
     * Counts a mail that is about to be put into the outgoing queue, unless that would exceed a limit.
     *
     * @param token of the room that was reserved for it, see {@link #reserve}
     * @return the limit that forbids it; then nothing has changed
     */
    synchronized Optional<QueueLimits.Reached> admit(ListedMail mail, QueueLimits limits, Optional<String> token) {
        Set<String> domains = domainsOf(mail);
        token.ifPresent(reserved -> reservations.take(reserved, domains));
        Optional<QueueLimits.Reached> reached =
                reached(limits, senderOf(mail.sender()), domains, Math.max(0, mail.size()));
        if (reached.isEmpty()) {
            put(QueueState.QUEUED, mail);
        }
        return reached;
    }

    /** Counts a mail of the overflow as deferred, if these limits allow it. */
    synchronized boolean admitOverflow(ListedMail mail, QueueLimits limits) {
        ListedMail listed = byId.get(mail.id());
        if (listed == null
                || listed.state() != QueueState.OVERFLOW
                || reached(limits, senderOf(mail.sender()), domainsOf(mail), Math.max(0, mail.size()))
                        .isPresent()) {
            return false;
        }
        put(QueueState.DEFERRED, mail.released());
        return true;
    }

    /**
     * Reserves room for a mail that is still on its way: one for each domain, however often it is asked.
     *
     * @param token of the mail; room that nobody takes is free again after half an hour
     * @param octets as announced; 0 when unknown: then it is expected to be as large as the mails here are on average
     * @return the limit that forbids it; then nothing has changed
     */
    public synchronized Optional<QueueLimits.Reached> reserve(
            String token, MaybeSender sender, String domain, long octets, QueueLimits limits) {
        String key = domain.toLowerCase(Locale.ROOT);
        if (reservations.has(token, key)) {
            return Optional.empty();
        }
        long expected = octets > 0 ? octets : expectedOctets(limits);
        Optional<QueueLimits.Reached> reached = reached(limits, senderOf(sender), Set.of(key), expected);
        if (reached.isEmpty()) {
            reservations.add(token, senderOf(sender), key, expected);
        }
        return reached;
    }

    private long expectedOctets(QueueLimits limits) {
        QueueUsage used = usage();
        return used.mails() > 0 ? used.octets() / used.mails() : Math.min(USUAL_OCTETS, limits.octets() / 10);
    }

    /** The mail with this token is admitted, or will not come. */
    public synchronized void free(String token) {
        reservations.free(token);
    }

    private Optional<QueueLimits.Reached> reached(
            QueueLimits limits, String sender, Collection<String> domains, long octets) {
        QueueUsage reserved = reservations.inAll();
        QueueUsage used = usage().plus(reserved);
        if (limits.mails() > 0 && used.mails() + 1 > limits.mails()) {
            return Optional.of(new QueueLimits.Reached(QueueLimits.Reached.Kind.MAILS, "", limits.mails()));
        }
        if (limits.octets() > 0 && used.octets() + octets > limits.octets()) {
            return Optional.of(new QueueLimits.Reached(QueueLimits.Reached.Kind.OCTETS, "", limits.octets()));
        }
        if (limits.mailsPerDomain() > 0) {
            for (String domain : domains) {
                if (byDomain.getOrDefault(domain, 0L) + reservations.toDomain(domain) + 1 > limits.mailsPerDomain()) {
                    return Optional.of(
                            new QueueLimits.Reached(QueueLimits.Reached.Kind.DOMAIN, domain, limits.mailsPerDomain()));
                }
            }
        }
        if (limits.mailsPerSender() > 0
                && !sender.isEmpty()
                && bySender.getOrDefault(sender, 0L) + reservations.ofSender(sender) + 1 > limits.mailsPerSender()) {
            return Optional.of(
                    new QueueLimits.Reached(QueueLimits.Reached.Kind.SENDER, sender, limits.mailsPerSender()));
        }
        return Optional.empty();
    }

    /** The mail is in this state from now on. */
    public synchronized void put(QueueState state, ListedMail mail) {
        if (mail.recipients().isEmpty()) {
            end(mail.id());
            return;
        }
        ListedMail old = byId.get(mail.id());
        if (old != null && old.recordId().sequence() > mail.recordId().sequence()) {
            return;
        }
        if (old != null) {
            count(old, -1);
        }
        // James's queues and repositories give some mails back a few octets longer: that must not exceed a limit.
        ListedMail listed = mail.ofSize(old == null || old.size() < 0 ? mail.size() : old.size())
                .in(state);
        byId.put(listed.id(), listed);
        count(listed, 1);
    }

    /** This record of the mail is in this state from now on. */
    public synchronized void move(RecordId recordId, QueueState state) {
        ListedMail old = byId.get(recordId.id());
        if (old != null && old.recordId().equals(recordId)) {
            put(state, old);
        }
    }

    /** This record of the mail is gone; if it was the last one, so is the mail. */
    public synchronized void end(RecordId recordId) {
        ListedMail old = byId.get(recordId.id());
        if (old == null || old.recordId().sequence() <= recordId.sequence()) {
            end(recordId.id());
        }
    }

    private void end(String id) {
        ListedMail old = byId.remove(id);
        if (old != null) {
            count(old, -1);
        }
        if (endedMeanwhile != null) {
            endedMeanwhile.add(id);
        }
    }

    private void count(ListedMail mail, int sign) {
        byState.merge(mail.state(), new QueueUsage(sign, sign * Math.max(0, mail.size())), QueueUsage::plus);
        if (mail.state() != QueueState.OVERFLOW) {
            domainsOf(mail).forEach(domain -> add(byDomain, domain, sign));
            String sender = senderOf(mail.sender());
            if (!sender.isEmpty()) {
                add(bySender, sender, sign);
            }
        }
    }

    private static void add(Map<String, Long> counts, String key, long change) {
        counts.merge(key, change, (had, more) -> had + more == 0 ? null : Long.valueOf(had + more));
    }

    /** How many mails of the waiting room are still to be read. */
    synchronized void setUnread(long mails) {
        unread = mails;
    }

    /** How many mails of the outgoing queue were taken and cannot be read: they stay in it. */
    public synchronized void setUnreadQueued(long mails) {
        unreadQueued = mails;
    }

    synchronized void isRead() {
        unread = Math.max(0, unread - 1);
    }

    /** What counts for the limits; without what is reserved. The octets of what is not read are not known. */
    public synchronized QueueUsage usage() {
        QueueUsage all = new QueueUsage(unread(), 0);
        for (Map.Entry<QueueState, QueueUsage> entry : byState.entrySet()) {
            if (entry.getKey() != QueueState.OVERFLOW) {
                all = all.plus(entry.getValue());
            }
        }
        return all;
    }

    public synchronized QueueUsage usage(QueueState state) {
        return byState.getOrDefault(state, QueueUsage.NOTHING);
    }

    /** How many mails of the waiting room have not been read since the start, or like some of the outgoing queue cannot be. */
    public synchronized long unread() {
        return unread + unreadQueued;
    }

    synchronized long toDomain(String domain) {
        return byDomain.getOrDefault(domain.toLowerCase(Locale.ROOT), 0L);
    }

    synchronized long ofSender(MaybeSender sender) {
        return bySender.getOrDefault(senderOf(sender), 0L);
    }

    /** The domain to which most mails go, and how many. Looks at each domain. */
    public synchronized Optional<Map.Entry<String, Long>> fullestDomain() {
        return most(byDomain);
    }

    /** The sender of most mails, and how many. Looks at each sender. */
    public synchronized Optional<Map.Entry<String, Long>> fullestSender() {
        return most(bySender);
    }

    private static Optional<Map.Entry<String, Long>> most(Map<String, Long> counts) {
        return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::copyOf);
    }

    public Optional<ListedMail> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The mail with this id; else those with this name. Looks at every mail for a name. */
    public Stream<ListedMail> named(String idOrName) {
        return find(idOrName).map(Stream::of).orElseGet(() -> mails("").stream()
                .filter(mail -> mail.name().equals(idOrName)));
    }

    /** All mails behind this id ("" for all), by id. */
    public Collection<ListedMail> mails(String after) {
        return byId.tailMap(after, false).values();
    }

    // ---- For QueueAudit: what is really in the outgoing queue

    /** From now on it is remembered what ends. */
    synchronized void startAudit() {
        endedMeanwhile = new HashSet<>();
    }

    /** A mail that the outgoing queue has: unknown ones are counted. */
    synchronized void seenInQueue(ListedMail mail) {
        String id = mail.id();
        if (!byId.containsKey(id) && !endedMeanwhile.contains(id)) {
            put(QueueState.QUEUED, mail);
        }
    }

    synchronized void endAudit() {
        endedMeanwhile = null;
    }

    private static Set<String> domainsOf(ListedMail mail) {
        Set<String> domains = new HashSet<>();
        mail.recipients()
                .forEach(recipient ->
                        domains.add(recipient.getDomain().asString().toLowerCase(Locale.ROOT)));
        return domains;
    }

    private static String senderOf(MaybeSender sender) {
        return sender.asOptional()
                .map(address -> address.asString().toLowerCase(Locale.ROOT))
                .orElse("");
    }
}
