/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.mailet.Mail;

/**
 * Where mail stays that is not to be tried yet. No queue of James can be trusted with delays, so none is ever given one.
 *
 * <p>An entry that was taken stays stored until it is removed: whoever took it either parks the mail anew (a new entry,
 * then {@link #remove} of the old one), removes it, or puts it back. An implementation that keeps its mail elsewhere and
 * releases it into the outgoing queue by itself never has anything to take.
 *
 * <p>Thread-safe. {@link #park}, {@link #store}, {@link #split}, {@link #load}, {@link #remove}, {@link #check} and
 * {@link #tryOut} block on the store and throw when it fails; what reads blocks; the others neither block nor throw.
 */
public interface WaitingRoom extends AutoCloseable {

    /**
     * Learns which mails wait. When it returns, {@link #isUnread} is right for all of them, while they are still read in the
     * background. Called once, before anything else.
     *
     * @throws MessagingException when the store cannot be read: the service must not start
     */
    void open() throws MessagingException;

    /**
     * Stores the mail with this state, under {@link MailState#stamp()}, until {@link MailState#due()}. When it returns,
     * the mail is safe. The mail itself is left as it was.
     */
    void park(Mail mail, MailState state) throws MessagingException;

    /**
     * Stores a part of a mail that is being split, under {@link MailState#stamp()}. It does not wait before {@link #split};
     * should the process end before that, the mail itself is the valid one.
     */
    WaitingEntry store(Mail mail, MailState part) throws MessagingException;

    /** Ends a taken entry: its parts, which are stored, wait in its place from now on. */
    void split(RecordId whole, List<WaitingEntry> parts) throws MessagingException;

    /**
     * Whether there is a record of this mail of which nothing but its key is known: {@link #read} tells, unless it cannot be
     * read now. One that could not be read for long does not count any more; it is tried again all the same.
     */
    boolean isUnread(String id);

    /** Reads the record of this mail now. Blocks on the store. */
    void read(String id);

    /** Reads all records that are not read yet. Blocks as long as that takes. */
    void readAllNow();

    /** Reads once more what could not be read, and tidies up, as far as it is time for that. Blocks as long as that takes. */
    void readAgain();

    /** Why mails cannot be read, by their ids: of those that are not in the lists for that reason, and of others. */
    Map<String, String> unreadable();

    /**
     * Whether there is a later record of this mail here, one that can be read: then the one with this stamp is a leftover.
     */
    boolean holdsLater(RecordId stamp);

    /** What the dispatcher knows of where a mail goes; asked of mails that are due. Must not block. */
    @FunctionalInterface
    interface Readiness {

        /** Whether the mail may be taken now. If not, no other of its destination may. */
        boolean mayTake(WaitingEntry waiting);

        /**
         * When delivery to its recipients is resumed, {@link Instant#MAX} for nobody knows; empty when it is not suspended. Until
         * then the mail is out of its line, and stands in nobody's way.
         */
        default Optional<Instant> suspendedUntil(WaitingEntry waiting) {
            return Optional.empty();
        }
    }

    /**
     * Takes up to {@code max} mails that are due, or past their queue lifetime; no destination gets a second before every
     * other one that has something due got its first.
     */
    List<WaitingEntry> takeDue(Instant now, int max, Readiness readiness);

    /**
     * Takes up to {@code max} mails about which something must be done by now though they are not tried: told of a delay,
     * or given up.
     *
     * @param canBeTried whether a mail past its queue lifetime can have its last attempt as soon as there is room: then it is
     *     left to {@link #takeDue}, until {@link #cannotBeTried} says otherwise
     */
    List<WaitingEntry> takeOverdue(Instant now, int max, Predicate<WaitingEntry> canBeTried);

    /** Whether any mail is due that is not taken. */
    boolean hasDue(Instant now);

    /** The next hop of this destination cannot be tried: its mails that wait for their last attempt are asked about again. */
    void cannotBeTried(String destination);

    /**
     * Admits mail that came when the queue was full, the oldest first, as far as these limits allow: they are those of the
     * queue, lowered so that there is room for others too.
     */
    void admitOverflow(QueueLimits limits);

    /** Takes this mail, whether it is due or not, unless it is taken already. */
    Optional<WaitingEntry> take(String id);

    /**
     * Makes a mail due at this time, until the process ends.
     *
     * @return false when it is held, taken, or not the record that waits
     */
    boolean makeDue(RecordId stamp, Instant due);

    /** When the first of this destination is due that is not taken; empty when none is there. */
    Optional<Instant> firstDue(String destination);

    /** Takes up to {@code max} of one destination, the first ones, whether they are due or not. */
    List<WaitingEntry> takeLine(String destination, int max);

    /** The mail of a taken entry. The caller disposes of it. */
    Mail load(WaitingEntry taken) throws MessagingException;

    /** Gives a taken entry back as it was. */
    void putBack(WaitingEntry taken);

    /** Somebody removed the mail of a taken entry from the store by other means: it no longer waits. */
    void forget(WaitingEntry taken);

    /** Ends a taken entry: the mail is delivered, answered, or parked anew. */
    void remove(RecordId stamp) throws MessagingException;

    /**
     * Sees whether the store answers. Changes nothing.
     *
     * @throws MessagingException when it does not
     */
    void check() throws MessagingException;

    /**
     * Stores a small mail and removes it: whether the store takes mail at all.
     *
     * @throws MessagingException when it does not
     */
    void tryOut() throws MessagingException;

    /** How many mails are here, those taken included. */
    int size();

    /** How many of them have nobody to deliver to, only somebody to tell something. */
    long notices();

    /**
     * The mail of an entry, taken or not, for looking at it only: it may be delivered meanwhile. Blocks on the store. The
     * caller disposes of it.
     *
     * @return empty when it does not wait, or not any more
     */
    Optional<Mail> look(String id) throws MessagingException;

    /**
     * To be called after routes or suspensions have changed: lifetimes and destinations are worked out again, and suspended mail
     * is back in line.
     */
    void routesChanged();

    @Override
    void close();
}
