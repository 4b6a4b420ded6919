/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waiting room of one James node: a James {@link MailRepository}, with an index in memory that is rebuilt at start.
 * Repositories know no locks between James nodes, so each node needs one of its own.
 *
 * <p>Keys are {@link Stamp#key()}: short and plain, since James's file repository makes file names of them, and different
 * for every record, since it overwrites in place.
 */
public final class RepositoryWaitingRoom implements WaitingRoom {

    private static final Logger LOGGER = LoggerFactory.getLogger(RepositoryWaitingRoom.class);

    /** Enough to look past the mails of a sender or to a domain with a limit of its own. */
    private static final int ADMITTED_AT_ONCE = 2_000;

    private final MailRepository repository;
    private final RoutingTable routes;
    private final QueueLedger ledger;
    private final Clock clock;
    private final WaitingIndex index = new WaitingIndex(this::deadline);
    /** Keys found at start that the index has not got yet: by id, the latest first. */
    private final Map<String, List<Stamp>> unread = new ConcurrentHashMap<>();

    /** Keys that we did not write: of mail that somebody else put into the repository. */
    private final Map<Stamp, MailKey> foreignKeys = new ConcurrentHashMap<>();

    private volatile boolean closed;

    public RepositoryWaitingRoom(MailRepository repository, RoutingTable routes, QueueLedger ledger, Clock clock) {
        this.repository = repository;
        this.routes = routes;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public void open() throws MessagingException {
        Map<String, List<Stamp>> found = new HashMap<>();
        Iterator<MailKey> keys = repository.list();
        while (keys.hasNext()) {
            MailKey key = keys.next();
            Stamp stamp = Stamp.ofKey(key.asString());
            if (!stamp.key().equals(key.asString())) {
                foreignKeys.put(stamp, key);
            }
            found.computeIfAbsent(stamp.id(), id -> new ArrayList<>()).add(stamp);
        }
        found.values()
                .forEach(stamps ->
                        stamps.sort(Comparator.comparing(Stamp::sequence).reversed()));
        unread.putAll(found);
        ledger.setUnread(found.size());
        if (!found.isEmpty()) {
            LOGGER.info("{} mails are waiting; reading them", found.size());
            Thread reader = new Thread(this::readAll, "outgoing-waiting-reader");
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void readAll() {
        for (String id : unread.keySet()) {
            if (closed) {
                return;
            }
            read(id);
        }
        LOGGER.info("{} mails are waiting; all are read", index.size());
    }

    @Override
    public void readAllNow() {
        unread.keySet().forEach(this::read);
    }

    @Override
    public boolean isUnread(String id) {
        return unread.containsKey(id);
    }

    @Override
    public void read(String id) {
        // The map runs this once for each mail, whoever asks first; others wait for it.
        unread.computeIfPresent(id, (same, latestFirst) -> {
            try {
                readNewest(latestFirst);
            } catch (RuntimeException e) {
                LOGGER.error("waiting mail {} cannot be read; it stays where it is", id, e);
            }
            ledger.isRead();
            return null;
        });
    }

    /** The latest record that can be read counts; the ones before it are leftovers. */
    private void readNewest(List<Stamp> latestFirst) {
        boolean found = false;
        for (Stamp stamp : latestFirst) {
            if (found) {
                removeLeftover(stamp);
            } else {
                found = read(stamp);
            }
        }
    }

    private boolean read(Stamp stamp) {
        Mail mail = null;
        try {
            mail = repository.retrieve(keyOf(stamp));
            if (mail == null) {
                LOGGER.error("waiting mail {} is damaged: the repository has its key but not the mail", stamp.key());
                return false;
            }
            MailState state = MailStateCodec.read(mail, clock.instant());
            // The key tells the record: a mail that somebody else put here has no state of its own that could.
            enlist(Waiting.of(
                    mail, state.withStamp(stamp), destinationOf(stamp, mail.getMaybeSender(), state.recipients())));
            return true;
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("waiting mail {} cannot be read", stamp.key(), e);
            return false;
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    private void removeLeftover(Stamp stamp) {
        try {
            repository.remove(keyOf(stamp));
        } catch (MessagingException | RuntimeException e) {
            LOGGER.warn("leftover {} of a waiting mail cannot be removed: {}", stamp.key(), e.toString());
        }
    }

    @Override
    public void park(Mail mail, MailState state) throws MessagingException {
        String name = mail.getName();
        List<MailAddress> recipients = List.copyOf(mail.getRecipients());
        mail.setName(state.stamp().key());
        mail.setRecipients(state.recipients());
        MailStateCodec.write(state, mail);
        try {
            repository.store(mail);
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        } finally {
            mail.setName(name);
            mail.setRecipients(recipients);
        }
        enlist(Waiting.of(mail, state, destinationOf(state.stamp(), mail.getMaybeSender(), state.recipients())));
    }

    private void enlist(Waiting waiting) {
        ledger.put(waiting.state(), waiting);
        index.add(waiting);
    }

    @Override
    public boolean holdsLater(Stamp stamp) {
        return index.find(stamp.id())
                .filter(waiting -> waiting.stamp().sequence() > stamp.sequence())
                .isPresent();
    }

    @Override
    public List<Waiting> takeDue(Instant now, int max, Readiness readiness) {
        return index.takeDue(now, max, readiness);
    }

    @Override
    public List<Waiting> takeOverdue(Instant now, int max, Predicate<Waiting> canBeTried) {
        return index.takeOverdue(now, max, canBeTried);
    }

    @Override
    public void cannotBeTried(String destination) {
        index.askAgain(destination);
    }

    @Override
    public void admitOverflow(QueueLimits limits) {
        for (Waiting waiting : index.overflow(ADMITTED_AT_ONCE)) {
            if (ledger.admitOverflow(waiting, limits)) {
                index.admit(waiting.stamp());
            }
        }
    }

    @Override
    public Optional<Instant> firstDue(String destination) {
        return index.firstDue(destination);
    }

    @Override
    public List<Waiting> takeLine(String destination, int max) {
        return index.takeLine(destination, max);
    }

    @Override
    public Optional<Waiting> take(String id) {
        return index.take(id);
    }

    @Override
    public boolean makeDue(Stamp stamp, Instant due) {
        Optional<Waiting> changed = index.makeDue(stamp, due);
        changed.ifPresent(waiting -> ledger.put(waiting.state(), waiting));
        return changed.isPresent();
    }

    @Override
    public Mail load(Waiting taken) throws MessagingException {
        Mail mail;
        try {
            mail = repository.retrieve(keyOf(taken.stamp()));
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
        if (mail == null) {
            throw new MailGoneException("mail " + taken.stamp().key() + " is no longer in the waiting room");
        }
        mail.setName(taken.name());
        return mail;
    }

    @Override
    public void putBack(Waiting taken) {
        ledger.move(taken.stamp(), taken.state());
        index.putBack(taken);
    }

    @Override
    public void forget(Waiting taken) {
        index.remove(taken.stamp());
        ledger.end(taken.stamp());
    }

    @Override
    public void remove(Stamp stamp) throws MessagingException {
        try {
            repository.remove(keyOf(stamp));
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
        index.remove(stamp);
        ledger.end(stamp);
    }

    @Override
    public void check() throws MessagingException {
        try {
            repository.size();
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
    }

    /** A mail that is being read counts twice for a moment. */
    @Override
    public int size() {
        return index.size() + unread.size();
    }

    @Override
    public long notices() {
        return index.notices();
    }

    @Override
    public Optional<Mail> look(String id) throws MessagingException {
        read(id);
        Waiting waiting = index.find(id).orElse(null);
        if (waiting == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(load(waiting));
        } catch (MailGoneException e) {
            return Optional.empty();
        }
    }

    @Override
    public void routesChanged() {
        index.rebuild(
                waiting -> waiting.towards(destinationOf(waiting.stamp(), waiting.sender(), waiting.recipients())));
    }

    @Override
    public void close() {
        closed = true;
    }

    private MailKey keyOf(Stamp stamp) {
        return foreignKeys.getOrDefault(stamp, new MailKey(stamp.key()));
    }

    private String destinationOf(Stamp stamp, MaybeSender sender, List<MailAddress> recipients) {
        if (PostponedNotice.is(stamp)) {
            return PostponedNotice.line(sender);
        }
        return recipients.isEmpty()
                ? ""
                : routes.destinationOf(recipients.get(0).getDomain().asString()).key();
    }

    private WaitingIndex.Deadline deadline(Waiting waiting) {
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
