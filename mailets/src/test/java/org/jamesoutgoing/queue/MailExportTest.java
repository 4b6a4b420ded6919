/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.queue.SampleMails.addresses;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.memory.MemoryMailRepository;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.repository.MailFolder;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.routing.SampleRoutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits in one waiting room waits in another one, each mail once. */
class MailExportTest {

    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Path STORED = Path.of("src/test/resources/org/jamesoutgoing/stored/var/mail/outgoing-waiting");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final RoutingTable routes = SampleRoutes.table(SampleRoutes.independent());

    @TempDir
    Path directory;

    /** One process: what is in memory, over a repository that outlives it. */
    private final class Life {
        final QueueLedger ledger = new QueueLedger(() -> 0);
        final WaitingRoom room;

        Life(MailRepository repository) throws Exception {
            this(repository, null);
        }

        /** @param imported an export out of which an earlier process has imported */
        Life(MailRepository repository, ExportedMails imported) throws Exception {
            room = new WaitingRoom(repository, routes, ledger, clock);
            room.open();
            if (imported != null) {
                MailImport.settle(room, imported);
            }
            room.readAllNow();
        }

        void park(String id, String... recipients) throws Exception {
            room.park(
                    SampleMails.mail("Mail-" + id, recipients),
                    MailState.admitted(id, "Mail-" + id, NOW, addresses(recipients))
                            .parkedUntil(NOW));
        }

        MailExport export(ExportedMails to) throws Exception {
            MailExport export = new MailExport(room, ledger, clock);
            export.run(to);
            return export;
        }

        MailImport importing(ExportedMails from) throws Exception {
            MailImport importing = new MailImport(room, clock);
            importing.run(from);
            return importing;
        }

        /** Delivers all that is due. */
        List<String> deliver() throws Exception {
            List<String> delivered = new ArrayList<>();
            for (ListedMail waiting : room.takeDue(NOW, 1000, any -> true)) {
                room.remove(waiting.recordId());
                delivered.add(waiting.recordId().key());
            }
            return delivered;
        }
    }

    private ExportedMails exported() throws Exception {
        return new ExportedMails(directory.resolve("export"));
    }

    private static List<String> keys(MailRepository repository) throws MessagingException {
        List<String> keys = new ArrayList<>();
        Iterator<MailKey> all = repository.list();
        all.forEachRemaining(key -> keys.add(key.asString()));
        return keys.stream().sorted().toList();
    }

    /** All that can be seen of each mail. */
    private static Map<String, String> mails(MailRepository repository) throws Exception {
        Map<String, String> mails = new TreeMap<>();
        for (String key : keys(repository)) {
            Mail mail = repository.retrieve(new MailKey(key));
            try (InputStream message = new MimeMessageInputStream(mail.getMessage())) {
                mails.put(
                        key,
                        mail.getMaybeSender() + " " + mail.getRecipients() + " " + mail.getRemoteAddr() + " "
                                + mail.getState() + " " + mail.dsnParameters()
                                + " "
                                + mail.attributes()
                                        .map(each -> each.getName().asString() + "="
                                                + each.getValue().value())
                                        .sorted()
                                        .toList()
                                + new String(message.readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                LifecycleUtil.dispose(mail);
            }
        }
        return mails;
    }

    /** A deferred, a held, and one that has only somebody to tell, with all that there can be. */
    @Test
    void allThatWaitsIsThereAgainWithAllThatIsKnownOfIt() throws Exception {
        Path before = Files.createDirectory(directory.resolve("before"));
        try (Stream<Path> files = Files.list(STORED)) {
            for (Path file : files.toList()) {
                Files.copy(file, before.resolve(file.getFileName()));
            }
        }
        MailRepository here = MailFolder.at(before);
        MailExport export = new Life(here).export(exported());
        assertThat(export.exported()).isEqualTo(3);
        assertThat(export.unreadable()).isZero();
        assertThat(export.queued()).isZero();

        MailRepository there = MailFolder.at(directory.resolve("after"));
        Life other = new Life(there);
        MailImport importing = other.importing(exported());
        assertThat(importing.imported()).isEqualTo(3);
        assertThat(mails(there)).isEqualTo(mails(here)).hasSize(3);
        assertThat(other.room.size()).isEqualTo(3);
        assertThat(other.room.notifications()).isOne();
        assertThat(other.ledger.usage(QueueState.HELD).mails()).isOne();
        assertThat(other.ledger.usage(QueueState.DEFERRED).mails()).isOne();
    }

    @Test
    void whatWasImportedAndDeliveredDoesNotComeBack() throws Exception {
        Life here = new Life(new MemoryMailRepository());
        here.park("a", "x@a.example");
        here.export(exported());

        Life there = new Life(new MemoryMailRepository());
        there.importing(exported());
        assertThat(there.deliver()).containsExactly("a.1");

        assertThat(there.importing(exported()).imported()).isZero();
        assertThat(there.deliver()).isEmpty();
    }

    /** Killed between the store and the list, then started: it is delivered before anybody imports again. */
    @Test
    void whatAnImportStoredBeforeItWasKilledIsDeliveredOnceAndTheRestIsImported() throws Exception {
        Life here = new Life(new MemoryMailRepository());
        for (String id : List.of("a", "b", "c")) {
            here.park(id, "x@" + id + ".example");
        }
        here.export(exported());
        MemoryMailRepository disk = new MemoryMailRepository();
        Life killed = new Life(disk);
        exported().beginImport();
        RecordId stored = exported().left().get(0);
        Mail mail = exported().retrieve(stored);
        killed.room.store(mail, MailStateCodec.read(mail, NOW));
        assertThat(killed.deliver()).as("not listed yet").isEmpty();

        Life next = new Life(disk, exported());
        List<String> delivered = new ArrayList<>(next.deliver());
        assertThat(delivered).containsExactly(stored.key());
        assertThat(next.importing(exported()).imported()).isEqualTo(2);
        delivered.addAll(next.deliver());
        assertThat(delivered).containsExactlyInAnyOrder("a.1", "b.1", "c.1");
    }

    /** The last line that it wrote may be a piece of one. */
    @Test
    void aListThatWasCutInTheMiddleOfALineIsGoneOnWith() throws Exception {
        Life here = new Life(new MemoryMailRepository());
        here.park("abc", "x@a.example");
        here.park("def", "x@b.example");
        here.export(exported());
        exported().beginImport();
        Path list = directory.resolve("export").resolve(ExportedMails.IMPORTED);
        Files.writeString(list, "\nab");

        exported().markImported(List.of(new RecordId("def", 1)));

        assertThat(exported().left()).containsExactly(new RecordId("abc", 1));
    }

    @Test
    void aMailThatTheServiceHasIsNotTouchedWhateverItsRecord() throws Exception {
        Life here = new Life(new MemoryMailRepository());
        here.park("a", "x@a.example");
        here.park("b", "x@b.example");
        here.export(exported());
        MemoryMailRepository disk = new MemoryMailRepository();
        Life there = new Life(disk);
        there.room.park(
                SampleMails.mail("Mail-a", "other@a.example"),
                MailState.admitted("a", "Mail-a", NOW, addresses("other@a.example"))
                        .withRecordId(new RecordId("a", 4)));
        there.ledger.put(
                QueueState.QUEUED,
                ListedMail.of(
                        SampleMails.mail("Mail-b", "x@b.example"),
                        MailState.admitted("b", "Mail-b", NOW, addresses("x@b.example")),
                        ""));

        MailImport importing = there.importing(exported());

        assertThat(importing.present()).isEqualTo(2);
        assertThat(importing.imported()).isZero();
        assertThat(keys(disk)).containsExactly("a.4");
    }

    @Test
    void aMailOfALaterFormatIsNotImportedAndStaysInTheExport() throws Exception {
        Life here = new Life(new MemoryMailRepository());
        here.park("a", "x@a.example");
        here.park("b", "x@b.example");
        here.export(exported());
        MailFolder files = MailFolder.at(directory.resolve("export"));
        Mail later = files.retrieve(new MailKey("a.1"));
        later.setAttribute(new Attribute(MailStateCodec.ATTRIBUTE, AttributeValue.of("{\"format\":2}")));
        later.setName("a.1");
        files.store(later);
        MemoryMailRepository disk = new MemoryMailRepository();

        MailImport importing = new Life(disk).importing(exported());

        assertThat(importing.unreadable()).isOne();
        assertThat(keys(disk)).containsExactly("b.1");
        assertThat(exported().left()).containsExactly(new RecordId("a", 1));
    }

    @Test
    void aMailThatCannotBeReadIsCountedAndTheOthersAreExported() throws Exception {
        Path mails = directory.resolve("before");
        new Life(MailFolder.at(mails)).park("a", "x@a.example");
        Files.writeString(mails.resolve("b.1.mail"), "no mail");

        MailExport export = new Life(MailFolder.at(mails)).export(exported());

        assertThat(export.exported()).isOne();
        assertThat(export.unreadable()).isOne();
    }

    @Test
    void whatIsInTheOutgoingQueueIsCountedAndNotExported() throws Exception {
        Life here = new Life(new MemoryMailRepository());
        here.ledger.put(
                QueueState.QUEUED,
                ListedMail.of(
                        SampleMails.mail("Mail-b", "x@b.example"),
                        MailState.admitted("b", "Mail-b", NOW, addresses("x@b.example")),
                        ""));

        MailExport export = here.export(exported());

        assertThat(export.queued()).isOne();
        assertThat(export.exported()).isZero();
    }

    /** Splits a mail as soon as another one is read, or has it parked anew. */
    private static final class Meddling extends MemoryMailRepository {
        Life process;
        String first = "";
        int reads;
        final int when;
        final boolean split;

        Meddling(int when, boolean split) {
            this.when = when;
            this.split = split;
        }

        @Override
        public Mail retrieve(MailKey key) {
            Mail mail = super.retrieve(key);
            if (process != null && mail != null) {
                first = first.isEmpty() ? RecordId.ofKey(key.asString()).id() : first;
                if (reads++ == when) {
                    // With 0 one whose turn is still to come, with 1 the one that is copied already.
                    meddle(when == 1 ? first : first.equals("a") ? "b" : "a");
                }
            }
            return mail;
        }

        private void meddle(String id) {
            Life now = process;
            process = null;
            try {
                ListedMail waiting = now.room.take(id).orElseThrow();
                Mail mail = super.retrieve(new MailKey(waiting.recordId().key()));
                MailState state = MailStateCodec.read(mail, NOW);
                if (split) {
                    List<ListedMail> parts = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        parts.add(now.room.store(
                                mail,
                                state.part(
                                                RecordId.partId(id, i),
                                                mail.getName() + i,
                                                state.recipients().subList(i, i + 1))
                                        .parkedUntil(NOW)));
                    }
                    now.room.split(waiting.recordId(), parts);
                } else {
                    now.room.park(mail, state.parkedUntil(NOW));
                    now.room.remove(waiting.recordId());
                }
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
            process = now;
        }
    }

    private List<String> exportedBesides(Meddling disk) throws Exception {
        Life here = new Life(disk);
        here.park("a", "x@a.example", "y@a.example");
        here.park("b", "x@b.example", "y@b.example");
        disk.process = here;
        here.export(exported());
        return keys(MailFolder.at(directory.resolve("export")));
    }

    @Test
    void aMailThatIsSplitBeforeItsTurnIsInTheExportByItsParts() throws Exception {
        Meddling disk = new Meddling(0, true);
        List<String> keys = exportedBesides(disk);
        String other = disk.first.equals("a") ? "b" : "a";
        assertThat(keys).containsExactlyInAnyOrder(disk.first + ".1", other + "-0.1", other + "-1.1");
    }

    @Test
    void aMailThatIsSplitAfterItsTurnIsInTheExportAsAWhole() throws Exception {
        assertThat(exportedBesides(new Meddling(1, true))).containsExactly("a.1", "b.1");
    }

    @Test
    void aMailThatIsParkedAnewBeforeItsTurnIsInTheExportAsItIsThen() throws Exception {
        Meddling disk = new Meddling(0, false);
        List<String> keys = exportedBesides(disk);
        String other = disk.first.equals("a") ? "b" : "a";
        assertThat(keys).containsExactlyInAnyOrder(disk.first + ".1", other + ".2");
    }

    /** A disk that is full after so many mails. */
    private static final class FullDisk extends MemoryMailRepository {
        private int left;

        FullDisk(int left) {
            this.left = left;
        }

        @Override
        public MailKey store(Mail mail) {
            if (left-- <= 0) {
                throw new IllegalStateException("no space left");
            }
            return super.store(mail);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void whatIsStoredBeforeTheDiskIsFullWaitsAndAnotherImportDoesTheRest(int room) throws Exception {
        Life here = new Life(new MemoryMailRepository());
        for (String id : List.of("a", "b", "c")) {
            here.park(id, "x@" + id + ".example");
        }
        here.export(exported());
        FullDisk disk = new FullDisk(room);
        Life there = new Life(disk);
        assertThatThrownBy(() -> there.importing(exported())).hasMessageContaining("no space left");
        List<String> delivered = new ArrayList<>(there.deliver());
        assertThat(delivered).hasSize(room);

        disk.left = 10;
        there.importing(exported());
        delivered.addAll(there.deliver());
        assertThat(delivered).containsExactlyInAnyOrder("a.1", "b.1", "c.1");
    }
}
