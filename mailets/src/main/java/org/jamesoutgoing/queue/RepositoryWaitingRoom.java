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
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RoutingTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The waiting room of one James node: a James {@link MailRepository}, with an index in memory that is rebuilt at start.
 * Repositories know no locks between James nodes, so each node needs one of its own.
 *
 * <p>Keys are {@link RecordId#key()}: short and plain, since James's file repository makes file names of them, and different
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
    /** Mails found at start that the index has not got yet, by id. */
    private final Map<String, UnreadEntry> unread = new ConcurrentHashMap<>();

    /** Why mails cannot be read, by id: of those, and of those in the index. */
    private final Map<String, String> unreadable = new ConcurrentHashMap<>();
    /** Records that are no longer true and could not be removed yet. */
    private final Set<RecordId> leftovers = ConcurrentHashMap.newKeySet();
    /** Parts of mails that are lost: what there is of them. */
    private final Queue<RecordId> orphans = new ConcurrentLinkedQueue<>();

    /** Keys that we did not write: of mail that somebody else put into the repository. */
    private final Map<RecordId, MailKey> foreignKeys = new ConcurrentHashMap<>();

    private volatile boolean closed;

    public RepositoryWaitingRoom(MailRepository repository, RoutingTable routes, QueueLedger ledger, Clock clock) {
        this.repository = repository;
        this.routes = routes;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public void open() throws MessagingException {
        List<RecordId> found = new ArrayList<>();
        Iterator<MailKey> keys = repository.list();
        while (keys.hasNext()) {
            MailKey key = keys.next();
            RecordId stamp = RecordId.ofKey(key.asString());
            if (!stamp.key().equals(key.asString())) {
                foreignKeys.put(stamp, key);
            }
            found.add(stamp);
        }
        unread.putAll(UnreadEntry.of(found));
        ledger.setUnread(unread.size());
        if (!unread.isEmpty()) {
            LOGGER.info("{} mails are waiting; reading them", unread.size());
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
            // What somebody has asked for meanwhile is not counted as a failure twice.
            read(id, mail -> mail.failures() == 0);
        }
        LOGGER.info("{} mails are waiting; {} others cannot be read", index.size(), unread.size());
    }

    @Override
    public void readAllNow() {
        unread.keySet().forEach(this::read);
    }

    @Override
    public void readAgain() {
        Instant now = clock.instant();
        unread.forEach((id, mail) -> {
            if (!mail.again().isAfter(now)) {
                read(id);
            }
        });
        synchronized (leftovers) {
            leftovers.removeIf(this::isRemoved);
        }
    }

    @Override
    public boolean isUnread(String id) {
        UnreadEntry mail = unread.get(id);
        return mail != null && !mail.isGivenUp(clock.instant());
    }

    @Override
    public Map<String, String> unreadable() {
        return Collections.unmodifiableMap(unreadable);
    }

    @Override
    public void read(String id) {
        read(id, any -> true);
    }

    private void read(String id, Predicate<UnreadEntry> wanted) {
        // The map runs this once for each mail, whoever asks first; others wait for it.
        unread.computeIfPresent(id, (same, mail) -> wanted.test(mail) ? readNewest(id, mail) : mail);
        for (RecordId part = orphans.poll(); part != null; part = orphans.poll()) {
            readAsMail(part);
        }
    }

    private void readAsMail(RecordId part) {
        unread.put(part.id(), UnreadEntry.of(List.of(part)).get(part.id()));
        ledger.setUnread(unread.size());
        read(part.id());
    }

    /**
     * The latest record counts, and the ones before it are leftovers; unless it cannot be read for long.
     *
     * @return null: it is read
     */
    private UnreadEntry readNewest(String id, UnreadEntry mail) {
        Instant now = clock.instant();
        Exception trouble = null;
        for (int i = 0; i < mail.latestFirst().size(); i++) {
            RecordId stamp = mail.latestFirst().get(i);
            try {
                WaitingEntry waiting = read(stamp);
                // Before it may be taken: once it is gone they would pass for mails.
                mail.latestFirst().subList(i + 1, mail.latestFirst().size()).forEach(this::removeLeftover);
                mail.parts().forEach(part -> settlePart(part, waiting));
                enlist(waiting);
                return isRead(id);
            } catch (MailGoneException e) {
                LOGGER.error("waiting mail {} is lost: the repository had its key but not the mail", stamp.key());
            } catch (MessagingException | RuntimeException e) {
                trouble = e;
                if (!mail.isGivenUp(now)) {
                    break;
                }
            }
        }
        if (trouble == null) {
            orphans.addAll(mail.parts());
            return isRead(id);
        }
        if (mail.failures() == 0) {
            LOGGER.error("waiting mail {} cannot be read; it stays where it is and is tried again", id, trouble);
        }
        unreadable.put(id, trouble.toString());
        return mail.failed(now);
    }

    private UnreadEntry isRead(String id) {
        unreadable.remove(id);
        ledger.isRead();
        return null;
    }

    private WaitingEntry read(RecordId stamp) throws MessagingException {
        Mail mail = retrieve(stamp);
        try {
            MailState state = MailStateCodec.read(mail, clock.instant());
            // The key tells the record: a mail that somebody else put here has no state of its own that could.
            return WaitingEntry.of(
                    mail, state.withStamp(stamp), destinationOf(stamp, mail.getMaybeSender(), state.recipients()));
        } finally {
            LifecycleUtil.dispose(mail);
        }
    }

    /** Its mail is still there, and is split anew if it must be. */
    private void settlePart(RecordId stamp, WaitingEntry whole) {
        try {
            WaitingEntry part = read(stamp);
            if (whole.recipients().containsAll(part.recipients())) {
                removeLeftover(stamp);
            } else {
                enlist(part);
            }
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("part {} of waiting mail {} cannot be read: {}", stamp.key(), whole.name(), e.toString());
        }
    }

    private void removeLeftover(RecordId stamp) {
        if (!isRemoved(stamp)) {
            leftovers.add(stamp);
        }
    }

    private boolean isRemoved(RecordId leftover) {
        try {
            repository.remove(keyOf(leftover));
            return true;
        } catch (MessagingException | RuntimeException e) {
            LOGGER.warn("leftover {} of a waiting mail cannot be removed: {}", leftover.key(), e.toString());
            return false;
        }
    }

    @Override
    public void park(Mail mail, MailState state) throws MessagingException {
        enlist(store(mail, state));
    }

    @Override
    public WaitingEntry store(Mail mail, MailState state) throws MessagingException {
        String name = mail.getName();
        List<MailAddress> recipients = List.copyOf(mail.getRecipients());
        mail.setName(state.stamp().key());
        mail.setRecipients(state.recipients());
        MailStateCodec.write(state, mail);
        synchronized (leftovers) {
            // What is stored under this key now is none.
            leftovers.remove(state.stamp());
        }
        try {
            repository.store(mail);
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        } finally {
            mail.setName(name);
            mail.setRecipients(recipients);
        }
        return WaitingEntry.of(mail, state, destinationOf(state.stamp(), mail.getMaybeSender(), state.recipients()));
    }

    @Override
    public void split(RecordId whole, List<WaitingEntry> parts) throws MessagingException {
        removeRecord(whole);
        parts.forEach(this::enlist);
        index.remove(whole);
        ledger.end(whole);
    }

    private void enlist(WaitingEntry waiting) {
        ledger.put(waiting.state(), waiting);
        index.add(waiting);
    }

    @Override
    public boolean holdsLater(RecordId stamp) {
        return index.find(stamp.id())
                .filter(waiting -> waiting.stamp().sequence() > stamp.sequence())
                .isPresent();
    }

    @Override
    public List<WaitingEntry> takeDue(Instant now, int max, Readiness readiness) {
        return index.takeDue(now, max, readiness);
    }

    @Override
    public List<WaitingEntry> takeOverdue(Instant now, int max, Predicate<WaitingEntry> canBeTried) {
        return index.takeOverdue(now, max, canBeTried);
    }

    @Override
    public boolean hasDue(Instant now) {
        return index.hasDue(now);
    }

    @Override
    public void cannotBeTried(String destination) {
        index.askAgain(destination);
    }

    @Override
    public void admitOverflow(QueueLimits limits) {
        for (WaitingEntry waiting : index.overflow(ADMITTED_AT_ONCE)) {
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
    public List<WaitingEntry> takeLine(String destination, int max) {
        return index.takeLine(destination, max);
    }

    @Override
    public Optional<WaitingEntry> take(String id) {
        return index.take(id);
    }

    @Override
    public boolean makeDue(RecordId stamp, Instant due) {
        Optional<WaitingEntry> changed = index.makeDue(stamp, due);
        changed.ifPresent(waiting -> ledger.put(waiting.state(), waiting));
        return changed.isPresent();
    }

    @Override
    public Mail load(WaitingEntry taken) throws MessagingException {
        String id = taken.stamp().id();
        Mail mail;
        try {
            mail = retrieve(taken.stamp());
        } catch (MailGoneException e) {
            throw e;
        } catch (MessagingException e) {
            unreadable.put(id, e.toString());
            throw e;
        }
        unreadable.remove(id);
        mail.setName(taken.name());
        return mail;
    }

    private Mail retrieve(RecordId stamp) throws MessagingException {
        MailKey key = keyOf(stamp);
        try {
            Mail mail = repository.retrieve(key);
            if (mail != null) {
                return mail;
            }
            // Some repositories make null of any trouble.
            Iterator<MailKey> keys = repository.list();
            while (keys.hasNext()) {
                if (keys.next().equals(key)) {
                    throw new MessagingException("the repository has its key but not the mail");
                }
            }
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
        throw new MailGoneException("mail " + stamp.key() + " is no longer in the waiting room");
    }

    @Override
    public void putBack(WaitingEntry taken) {
        ledger.move(taken.stamp(), taken.state());
        index.putBack(taken);
    }

    @Override
    public void forget(WaitingEntry taken) {
        unreadable.remove(taken.stamp().id());
        index.remove(taken.stamp());
        ledger.end(taken.stamp());
    }

    @Override
    public void remove(RecordId stamp) throws MessagingException {
        removeRecord(stamp);
        index.remove(stamp);
        ledger.end(stamp);
    }

    private void removeRecord(RecordId stamp) throws MessagingException {
        try {
            repository.remove(keyOf(stamp));
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
    }

    @Override
    public void check() throws MessagingException {
        try {
            repository.size();
        } catch (RuntimeException e) {
            throw new MessagingException("waiting room: " + e, e);
        }
    }

    @Override
    public void tryOut() throws MessagingException {
        // Should the process be killed in between, it is a mail with nobody to deliver it to and nothing to tell.
        MailState state = MailState.admitted(MailIds.random(), "test", clock.instant(), List.of());
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setText("");
        Mail mail = MailImpl.builder().name("test").mimeMessage(message).build();
        try {
            store(mail, state.parkedUntil(clock.instant()));
            removeRecord(state.stamp().next());
        } finally {
            LifecycleUtil.dispose(mail);
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
        WaitingEntry waiting = index.find(id).orElse(null);
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

    private MailKey keyOf(RecordId stamp) {
        return foreignKeys.getOrDefault(stamp, new MailKey(stamp.key()));
    }

    private String destinationOf(RecordId stamp, MaybeSender sender, List<MailAddress> recipients) {
        if (PostponedNotification.is(stamp)) {
            return PostponedNotification.line(sender);
        }
        return recipients.isEmpty()
                ? ""
                : routes.destinationOf(recipients.get(0).getDomain().asString()).key();
    }

    private WaitingIndex.Deadline deadline(WaitingEntry waiting) {
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
