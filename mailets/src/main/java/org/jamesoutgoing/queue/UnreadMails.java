/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.mail.MessagingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mails of the waiting room of which nothing but their keys is known: they have not been read since the start, or they
 * cannot be read now. It may be that there are no file descriptors left, and it may be that a mail is damaged for good: nobody
 * can tell, so it is tried again for ever.
 *
 * <p>Of several records of one mail the latest counts; the earlier ones are leftovers of a process that was killed. Only when
 * the latest cannot be read for {@link #PATIENCE}, an earlier one counts. Thread-safe.
 */
final class UnreadMails {

    /**
     * How long the latest record is waited for. An earlier one names recipients that may have the mail by now; want of file
     * descriptors, or of a database, is over by then, or somebody has been woken.
     */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final Logger LOGGER = LoggerFactory.getLogger(UnreadMails.class);

    /** Reads one record. */
    @FunctionalInterface
    interface Reader {
        ListedMail read(RecordId recordId) throws MessagingException;
    }

    /**
     * One of them.
     *
     * @param latestFirst its records
     * @param parts what is left of a split that has not come to its end
     * @param failures how often it could not be read
     * @param since when it could not be read for the first time
     * @param again when it is tried again
     * @param newer whether a later version has written it: that one knows who has the mail, so no earlier record counts
     */
    private record Unread(
            List<RecordId> latestFirst,
            List<RecordId> parts,
            int failures,
            Instant since,
            Instant again,
            boolean newer) {

        Unread(List<RecordId> latestFirst, List<RecordId> parts) {
            this(List.copyOf(latestFirst), List.copyOf(parts), 0, Instant.MAX, Instant.MAX, false);
        }

        Unread failed(Instant now, Exception why) {
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
            return new Unread(
                    latestFirst,
                    parts,
                    failures + 1,
                    failures == 0 ? now : since,
                    now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE),
                    newer || why instanceof MailStateCodec.NewerFormatException);
        }

        /** Whether an earlier record counts by now, if there is one. */
        boolean isGivenUp(Instant now) {
            return failures > 0 && !newer && !now.isBefore(since.plus(PATIENCE));
        }
    }

    private final WaitingRepository repository;
    private final Reader reader;
    private final Consumer<ListedMail> whenRead;
    private final QueueLedger ledger;
    private final Clock clock;
    private final Map<String, Unread> byId = new ConcurrentHashMap<>();
    /** Why mails cannot be read, by id: of these, and of those that could not be loaded when they were taken. */
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    /** Parts of mails that are lost: what there is of them. */
    private final Queue<RecordId> orphans = new ConcurrentLinkedQueue<>();

    /** @param whenRead is told what is read, before it ceases to be unread */
    UnreadMails(
            WaitingRepository repository,
            Reader reader,
            Consumer<ListedMail> whenRead,
            QueueLedger ledger,
            Clock clock) {
        this.repository = repository;
        this.reader = reader;
        this.whenRead = whenRead;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** These are stored, and not read. */
    void add(List<RecordId> stored) {
        Map<String, List<RecordId>> records = new HashMap<>();
        stored.forEach(recordId ->
                records.computeIfAbsent(recordId.id(), id -> new ArrayList<>()).add(recordId));
        Map<String, List<RecordId>> parts = new HashMap<>();
        for (List<RecordId> recordsOfOne : List.copyOf(records.values())) {
            RecordId part = recordsOfOne.get(0);
            RecordId.wholeId(part.id())
                    .filter(whole -> recordsOfOne.size() == 1 && part.sequence() == 1 && records.containsKey(whole))
                    .ifPresent(whole -> {
                        records.remove(part.id());
                        parts.computeIfAbsent(whole, any -> new ArrayList<>()).add(part);
                    });
        }
        records.forEach((id, recordsOfOne) -> {
            recordsOfOne.sort(Comparator.comparing(RecordId::sequence).reversed());
            byId.put(id, new Unread(recordsOfOne, parts.getOrDefault(id, List.of())));
        });
        ledger.setUnread(byId.size());
    }

    int size() {
        return byId.size();
    }

    /** Whether this is one of them, whether it counts or not. */
    boolean contains(String id) {
        return byId.containsKey(id);
    }

    /** One that cannot be read for long does not count any more; it is tried again all the same. */
    boolean has(String id) {
        Unread mail = byId.get(id);
        return mail != null && !mail.isGivenUp(clock.instant());
    }

    /** Reads those that have not been tried yet. Blocks as long as that takes. */
    void readUntried(BooleanSupplier stopped) {
        for (String id : byId.keySet()) {
            if (stopped.getAsBoolean()) {
                return;
            }
            // What somebody has asked for meanwhile is not counted as a failure twice.
            read(id, mail -> mail.failures() == 0);
        }
    }

    /** Reads all of them. Blocks as long as that takes. */
    void readAll() {
        byId.keySet().forEach(this::read);
    }

    /** Reads those for which it is time again. */
    void readAgain() {
        Instant now = clock.instant();
        byId.forEach((id, mail) -> {
            if (!mail.again().isAfter(now)) {
                read(id);
            }
        });
    }

    /** Reads this one, if it is unread. */
    void read(String id) {
        read(id, any -> true);
    }

    private void read(String id, Predicate<Unread> wanted) {
        // The map runs this once for each mail, whoever asks first; others wait for it.
        byId.computeIfPresent(id, (same, mail) -> wanted.test(mail) ? readNewest(id, mail) : mail);
        for (RecordId part = orphans.poll(); part != null; part = orphans.poll()) {
            readAsMail(part);
        }
    }

    private void readAsMail(RecordId part) {
        byId.put(part.id(), new Unread(List.of(part), List.of()));
        ledger.setUnread(byId.size());
        read(part.id());
    }

    /** @return null: it is read */
    private Unread readNewest(String id, Unread mail) {
        Instant now = clock.instant();
        Exception trouble = null;
        for (int i = 0; i < mail.latestFirst().size(); i++) {
            RecordId recordId = mail.latestFirst().get(i);
            try {
                ListedMail waiting = reader.read(recordId);
                List<ListedMail> parts = mail.parts().stream()
                        .flatMap(part -> readPart(part, waiting).stream())
                        .toList();
                // Before it may be taken: once it is gone they would pass for mails.
                mail.latestFirst().subList(i + 1, mail.latestFirst().size()).forEach(repository::removeLeftover);
                parts.forEach(part -> settlePart(part, waiting));
                whenRead.accept(waiting);
                return isRead(id);
            } catch (WaitingRoom.MailGoneException e) {
                LOGGER.error("waiting mail {} is lost: the repository had its key but not the mail", recordId.key());
            } catch (MessagingException | RuntimeException e) {
                trouble = e;
                if (!mail.isGivenUp(now) || e instanceof MailStateCodec.NewerFormatException) {
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
        troubles.put(id, trouble.toString());
        return mail.failed(now, trouble);
    }

    private Unread isRead(String id) {
        troubles.remove(id);
        ledger.isRead();
        return null;
    }

    /**
     * Empty: it cannot be read.
     *
     * @throws MailStateCodec.NewerFormatException so that the mail does not count either: a later version would deliver both
     */
    private Optional<ListedMail> readPart(RecordId part, ListedMail whole) {
        try {
            return Optional.of(reader.read(part));
        } catch (MailStateCodec.NewerFormatException e) {
            throw e;
        } catch (MessagingException | RuntimeException e) {
            LOGGER.error("part {} of waiting mail {} cannot be read: {}", part.key(), whole.name(), e.toString());
            return Optional.empty();
        }
    }

    /** The mail of this part is still there: the part is not needed, unless it has recipients that the mail has not. */
    private void settlePart(ListedMail part, ListedMail whole) {
        if (whole.recipients().containsAll(part.recipients())) {
            repository.removeLeftover(part.recordId());
        } else {
            whenRead.accept(part);
        }
    }

    /** Why mails cannot be read, by id; a live view. */
    Map<String, String> troubles() {
        return Collections.unmodifiableMap(troubles);
    }

    /** This mail could not be loaded when it was taken. */
    void trouble(String id, Exception why) {
        troubles.put(id, why.toString());
    }

    /** This mail could be loaded, or is gone. */
    void noTrouble(String id) {
        troubles.remove(id);
    }
}
