/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where mail stays that is not to be tried yet. No queue of James can be trusted with delays, so none is ever given one. It is
 * stored in one of James's repositories ({@link WaitingRepository}), read at the start ({@link UnreadMails}), and then known
 * without reading it ({@link WaitingIndex}). Repositories know no locks between James nodes, so each node needs one of its own.
 *
 * <p>An entry that was taken stays stored until it is removed: whoever took it either parks the mail anew (a new entry,
 * then {@link #remove} of the old one), removes it, or puts it back.
 *
 * <p>Thread-safe. {@link #park}, {@link #store}, {@link #split}, {@link #load}, {@link #remove}, {@link #check} and
 * {@link #tryOut} block on the store and throw when it fails; what reads blocks; the others neither block nor throw.
 */
public final class WaitingRoom implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(WaitingRoom.class);

    /** Enough to look past the mails of a sender or to a domain with a limit of its own. */
    private static final int ADMITTED_AT_ONCE = 2_000;

    /** A waiting mail is no longer there: somebody removed it from the repository by other means. */
    public static final class MailGoneException extends MessagingException {
        private static final long serialVersionUID = 1L;

        MailGoneException(String message) {
            super(message);
        }
    }

    private final RoutingTable routes;
    private final QueueLedger ledger;
    private final Clock clock;
    private final WaitingRepository repository;
    private final UnreadMails unread;
    private final WaitingIndex index = new WaitingIndex(this::deadline);
    private volatile boolean closed;

    public WaitingRoom(MailRepository repository, RoutingTable routes, QueueLedger ledger, Clock clock) {
        this.routes = routes;
        this.ledger = ledger;
        this.clock = clock;
        this.repository = new WaitingRepository(repository);
        this.unread = new UnreadMails(this.repository, this::readRecord, this::enlist, ledger, clock);
    }

    // ---- Reading what is stored

    /**
     * Learns which mails wait. When it returns, {@link #isUnread} is right for all of them, while they are still read in the
     * background. Called once, before anything else.
     *
     * @throws MessagingException when the store cannot be read: the service must not start
     */
    public void open() throws MessagingException {
        unread.add(repository.list());
        if (unread.size() > 0) {
            LOGGER.info("{} mails are waiting; reading them", unread.size());
            Thread reader = new Thread(this::readInTheBackground, "outgoing-waiting-reader");
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void readInTheBackground() {
        unread.readUntried(() -> closed);
        if (!closed) {
            LOGGER.info("{} mails are waiting; {} others cannot be read", index.size(), unread.size());
        }
    }

    private ListedMail readRecord(RecordId recordId) throws MessagingException {
        Mail mail = repository.retrieve(recordId);
        try {
            MailState state = MailStateCodec.read(mail, clock.instant());
            // The key tells the record: a mail that somebody else put here has no state of its own that could.
            return entry(mail, state.withRecordId(recordId));
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    /**
     * Whether there is a record of this mail of which nothing but its key is known: {@link #read} tells, unless it cannot be
     * read now. One that could not be read for long does not count any more; it is tried again all the same.
     */
    public boolean isUnread(String id) {
        return unread.has(id);
    }

    /** Reads the record of this mail now. Blocks on the store. */
    public void read(String id) {
        unread.read(id);
    }

    /** Reads all records that are not read yet. Blocks as long as that takes. */
    public void readAllNow() {
        unread.readAll();
    }

    /** Reads once more what could not be read, and tidies up, as far as it is time for that. Blocks as long as that takes. */
    void readAgain() {
        unread.readAgain();
        repository.removeLeftovers();
    }

    /** Why mails cannot be read, by their ids: of those that are not in the lists for that reason, and of others. */
    public Map<String, String> unreadable() {
        return unread.troubles();
    }

    // ---- Parking

    /**
     * Stores the mail with this state, under {@link MailState#recordId()}, until {@link MailState#due()}. When it returns,
     * the mail is safe. The mail itself is left as it was.
     */
    public void park(Mail mail, MailState state) throws MessagingException {
        enlist(store(mail, state));
    }

    /**
     * Stores a part of a mail that is being split, under {@link MailState#recordId()}. It does not wait before {@link #split};
     * should the process end before that, the mail itself is the valid one.
     */
    public ListedMail store(Mail mail, MailState part) throws MessagingException {
        repository.store(mail, part);
        return entry(mail, part);
    }

    /** Ends a taken entry: its parts, which are stored, wait in its place from now on. */
    public void split(RecordId whole, List<ListedMail> parts) throws MessagingException {
        repository.remove(whole);
        add(parts);
        index.remove(whole);
        ledger.end(whole);
    }

    private void enlist(ListedMail waiting) {
        ledger.put(waiting.state(), waiting);
        index.add(waiting);
    }

    private ListedMail entry(Mail mail, MailState state) {
        return ListedMail.of(mail, state, destinationOf(state.recordId(), mail.getMaybeSender(), state.recipients()));
    }

    /**
     * Whether there is a later record of this mail here, one that can be read: then the one with this id is a leftover.
     */
    public boolean holdsLater(RecordId recordId) {
        return index.find(recordId.id())
                .filter(waiting -> waiting.recordId().sequence() > recordId.sequence())
                .isPresent();
    }

    // ---- Export and import

    /** The ids of the mails that wait, those taken included, and were accepted by then. */
    List<String> acceptedBy(Instant then) {
        return index.acceptedBy(then);
    }

    /**
     * Copies the record that this mail has now. What cannot be read is said in {@link #unreadable}.
     *
     * @return false when it does not wait any more, or cannot be read
     * @throws MessagingException when it cannot be stored there
     */
    boolean copy(String id, WaitingRepository to) throws MessagingException {
        Optional<ListedMail> waiting = index.find(id);
        while (waiting.isPresent()) {
            try {
                copy(waiting.get(), to);
                return true;
            } catch (MessagingException e) {
                Optional<ListedMail> now = index.find(id);
                if (now.equals(waiting)) {
                    if (unread.troubles().containsKey(id)) {
                        return false;
                    }
                    throw e;
                }
                // It has been parked anew, or is gone.
                waiting = now;
            }
        }
        return false;
    }

    private void copy(ListedMail waiting, WaitingRepository to) throws MessagingException {
        Mail mail = load(waiting);
        try {
            to.store(mail, MailStateCodec.read(mail, clock.instant()).withRecordId(waiting.recordId()));
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    /** Whether there is any record of this mail, here or in the outgoing queue. */
    boolean knows(String id) {
        return index.find(id).isPresent()
                || unread.contains(id)
                || ledger.find(id).isPresent();
    }

    /** These, which are stored, wait from now on. */
    void add(List<ListedMail> stored) {
        stored.forEach(this::enlist);
    }

    // ---- Taking what is due

    /** What the dispatcher knows of where a mail goes; asked of mails that are due. Must not block. */
    @FunctionalInterface
    public interface Readiness {

        /** Whether the mail may be taken now. If not, no other of its destination may. */
        boolean mayTake(ListedMail waiting);

        /**
         * When delivery to its recipients is resumed, {@link Instant#MAX} for nobody knows; empty when it is not suspended. Until
         * then the mail is out of its line, and stands in nobody's way.
         */
        default Optional<Instant> suspendedUntil(ListedMail waiting) {
            return Optional.empty();
        }
    }

    /**
     * Takes up to {@code max} mails that are due, or past their queue lifetime; no destination gets a second before every
     * other one that has something due got its first. Of one destination those of a higher priority come first, then those
     * that have been due longer ({@link PriorityLine}).
     */
    public List<ListedMail> takeDue(Instant now, int max, Readiness readiness) {
        return index.takeDue(now, max, readiness);
    }

    /**
     * Takes up to {@code max} mails about which something must be done by now though they are not tried: told of a delay,
     * or given up.
     *
     * @param canBeTried whether a mail past its queue lifetime can have its last attempt as soon as there is room: then it is
     *     left to {@link #takeDue}, until {@link #cannotBeTried} says otherwise
     */
    public List<ListedMail> takeOverdue(Instant now, int max, Predicate<ListedMail> canBeTried) {
        return index.takeOverdue(now, max, canBeTried);
    }

    /** Whether any mail is due that is not taken. */
    public boolean hasDue(Instant now) {
        return index.hasDue(now);
    }

    /** The next hop of this destination cannot be tried: its mails that wait for their last attempt are asked about again. */
    public void cannotBeTried(String destination) {
        index.askAgain(destination);
    }

    /** When the first of this destination is due that is not taken; empty when none is there. */
    public Optional<Instant> firstDue(String destination) {
        return index.firstDue(destination);
    }

    /** Takes up to {@code max} of one destination, the first ones, whether they are due or not. */
    public List<ListedMail> takeLine(String destination, int max) {
        return index.takeLine(destination, max);
    }

    /** Takes this mail, whether it is due or not, unless it is taken already. */
    public Optional<ListedMail> take(String id) {
        return index.take(id);
    }

    /**
     * Makes a mail due at this time, until the process ends.
     *
     * @return false when it is held, taken, or not the record that waits
     */
    public boolean makeDue(RecordId recordId, Instant due) {
        Optional<ListedMail> changed = index.makeDue(recordId, due);
        changed.ifPresent(waiting -> ledger.put(waiting.state(), waiting));
        return changed.isPresent();
    }

    /**
     * Admits mail that came when the queue was full, the oldest first, as far as these limits allow: they are those of the
     * queue, lowered so that there is room for others too.
     */
    public void admitOverflow(QueueLimits limits) {
        for (ListedMail waiting : index.overflow(ADMITTED_AT_ONCE)) {
            if (ledger.admitOverflow(waiting, limits)) {
                index.admit(waiting.recordId());
            }
        }
    }

    /**
     * To be called after routes or suspensions have changed: lifetimes and destinations are worked out again, and suspended mail
     * is back in line.
     */
    public void routesChanged() {
        index.rebuild(
                waiting -> waiting.towards(destinationOf(waiting.recordId(), waiting.sender(), waiting.recipients())));
    }

    // ---- What becomes of a taken entry

    /** The mail of a taken entry. The caller disposes of it. */
    public Mail load(ListedMail taken) throws MessagingException {
        String id = taken.recordId().id();
        Mail mail;
        try {
            mail = repository.retrieve(taken.recordId());
        } catch (MailGoneException e) {
            throw e;
        } catch (MessagingException e) {
            unread.trouble(id, e);
            throw e;
        }
        unread.noTrouble(id);
        mail.setName(taken.name());
        return mail;
    }

    /** Gives a taken entry back as it was. */
    public void putBack(ListedMail taken) {
        ledger.move(taken.recordId(), taken.state());
        index.putBack(taken);
    }

    /** Somebody removed the mail of a taken entry from the store by other means: it no longer waits. */
    public void forget(ListedMail taken) {
        unread.noTrouble(taken.recordId().id());
        index.remove(taken.recordId());
        ledger.end(taken.recordId());
    }

    /** Ends a taken entry: the mail is delivered, answered, or parked anew. */
    public void remove(RecordId recordId) throws MessagingException {
        repository.remove(recordId);
        index.remove(recordId);
        ledger.end(recordId);
    }

    // ---- Looking

    /**
     * The mail of an entry, taken or not, for looking at it only: it may be delivered meanwhile. Blocks on the store. The
     * caller disposes of it.
     *
     * @return empty when it does not wait, or not any more
     */
    public Optional<Mail> look(String id) throws MessagingException {
        read(id);
        ListedMail waiting = index.find(id).orElse(null);
        if (waiting == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(load(waiting));
        } catch (MailGoneException e) {
            return Optional.empty();
        }
    }

    /**
     * Sees whether the store answers. Changes nothing.
     *
     * @throws MessagingException when it does not
     */
    public void check() throws MessagingException {
        repository.check();
    }

    /**
     * Stores a small mail and removes it: whether the store takes mail at all.
     *
     * @throws MessagingException when it does not
     */
    public void tryOut() throws MessagingException {
        repository.tryOut(clock.instant());
    }

    /** How many mails are here, those taken included. A mail that is being read counts twice for a moment. */
    public int size() {
        return index.size() + unread.size();
    }

    /** How many of them have nobody to deliver to, only somebody to notify. */
    public long notifications() {
        return index.notifications();
    }

    @Override
    public void close() {
        closed = true;
    }

    private String destinationOf(RecordId recordId, MaybeSender sender, List<MailAddress> recipients) {
        if (PostponedNotification.is(recordId)) {
            return PostponedNotification.line(sender);
        }
        return recipients.isEmpty()
                ? ""
                : routes.destinationOf(recipients.get(0).getDomain().asString()).key();
    }

    private WaitingIndex.Deadline deadline(ListedMail waiting) {
        if (waiting.recipients().isEmpty()) {
            return new WaitingIndex.Deadline(Instant.MAX, Instant.MAX);
        }
        Route route = routes.routeOf(waiting.recipients().get(0).getDomain().asString());
        Instant expiry = route.expiry(waiting.acceptedAt(), waiting.sender().isNullSender());
        Instant next = route.dsns()
                .nextDelay(waiting.acceptedAt(), waiting.delayTold())
                .filter(tell -> tell.isBefore(expiry) && !waiting.sender().isNullSender())
                .orElse(expiry);
        return new WaitingIndex.Deadline(expiry, next);
    }
}
