/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.server.core.MimeMessageInputStream;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.MovableClock;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.routing.SampleRoutes;
import org.jamesoutgoing.service.ControlCodec;
import org.jamesoutgoing.service.QueueLimit;
import org.jamesoutgoing.service.RouteCodec;
import org.jamesoutgoing.service.RuntimeControls;
import org.jamesoutgoing.service.TemplateCodec;
import org.jamesoutgoing.store.Codec;
import org.jamesoutgoing.store.JsonStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What one version writes, every later one reads. The files in {@code stored/} are as an earlier version left them, and are
 * never written anew: what a later version adds gets files of its own.
 */
class StoredFilesTest {

    private static final Path STORED = Path.of("src/test/resources/org/jamesoutgoing/stored");
    private static final AttributeName STATE = AttributeName.of("outgoing-state");
    private static final Instant NOW = Instant.parse("2026-03-02T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String ID = "2k9wq0fz7m3x1abc-1";
    private static final String POSTPONED = "dsn-a7dded75-99cb-3ab8-bec9-8fd88fd1c237";
    private static final String NAME = "name Mail1772366400123-b4f3, accepted 2026-03-01T12:00:00.123Z";
    private static final String REFUSED =
            "carol@b.example 5.1.1 550 5.1.1 no such user | mx.b.example [192.0.2.1] | 550"
                    + " | 550 5.1.1 no such user | permanent at 2026-03-01T16:05:02.789Z\n";
    private static final String EXPIRED =
            "dan@b.example 5.4.7 after 4.4.1 - | - | - | not delivered within 5 days; last:"
                    + " mx.b.example [192.0.2.1]: connection refused | at 2026-03-01T16:05:02.789Z\n";
    private static final String DELAYED = "bob@b.example 4.2.2 452 4.2.2 boîte pleine, 満杯 | mx.b.example [192.0.2.1] |"
            + " 452 | 452 4.2.2 boîte pleine, 満杯 | at 2026-03-01T16:05:02.789Z\n";
    private static final String ACCEPTED = "eve@b.example 2.0.0 250 2.0.0 taken | mx.b.example [192.0.2.1] | 250"
            + " | 250 2.0.0 taken | at 2026-03-01T16:05:02.789Z\n";
    private static final String TO_FIVE = "recipients [bob@b.example, Bob.Upper@b.example, \"a;b c\"@b.example,"
            + " \"jürgen\"@xn--bcher-kva.example, dora@192.0.2.1]\n";
    private static final String UNTRIED = ", 0 attempts, due 2026-03-01T12:00:00.123Z, delay told -\n";
    private static final String TRIED = ", 2 attempts, due 2026-03-01T17:00:00Z, delay told 2026-03-01T16:05:02.789Z\n";
    private static final String HISTORY = "2026-03-01T12:00:01.456Z - | - | connect | deferred"
            + " | mx.b.example [192.0.2.1]: connection refused\n"
            + "2026-03-01T16:05:02.789Z mx.b.example [192.0.2.1] | TLSv1.3 TLS_AES_256_GCM_SHA384 | rcpt"
            + " | failed+deferred+accepted | 452 4.2.2 boîte pleine, 満杯\n";
    private static final String LAST_SAID = "deferred " + DELAYED + "failed " + REFUSED + "accepted " + ACCEPTED;
    private static final String DEFERRED =
            ID + ".2 " + NAME + TRIED + "recipients [bob@b.example]\n" + HISTORY + LAST_SAID;
    private static final String DONE = DEFERRED.replace("[bob@b.example]\n", "[]\n");
    private static final String FAILURE = "FAILURE SENDER\n" + REFUSED + EXPIRED;
    private static final String DELAY = "DELAY SENDER\n" + DELAYED;

    /** What stands in each file, see {@link #allOf}. */
    private static final Map<String, String> STATES = new TreeMap<>(Map.ofEntries(
            Map.entry("fresh", ID + ".0 " + NAME + UNTRIED + TO_FIVE),
            Map.entry("deferred", DEFERRED),
            Map.entry("held", DEFERRED + "HELD Prüfung since 2026-03-01T16:05:02.789Z until 2026-03-01T17:00:00Z\n"),
            Map.entry(
                    "held-for-good",
                    ID + ".0 " + NAME + UNTRIED + TO_FIVE
                            + "HELD held by webadmin since 2026-03-01T12:00:01.456Z until -\n"),
            Map.entry(
                    "overflow",
                    ID + ".1 " + NAME + UNTRIED + TO_FIVE
                            + "OVERFLOW the outgoing queue is full: 3 mails since 2026-03-01T12:00:00.123Z until -\n"),
            Map.entry("failure", DEFERRED + FAILURE + FAILURE.replace("SENDER", "POSTMASTER")),
            Map.entry("delay", DEFERRED + DELAY),
            Map.entry("relayed", DONE + "RELAYED SENDER\n" + ACCEPTED),
            Map.entry("on-success", DONE + "ON_SUCCESS SUCCESS_PROCESSOR\n" + ACCEPTED),
            Map.entry(
                    "queue-full",
                    ID + ".0 " + NAME + UNTRIED + "recipients []\nQUEUE_FULL SENDER\n" + full("bob") + full("carol")),
            Map.entry(
                    "postponed-failure",
                    DONE.replace(ID + ".2", "dsn-1b4fb5fc-2acc-3889-8cb5-d0d751befe84.1") + FAILURE),
            Map.entry(
                    "postponed-delay", DONE.replace(ID + ".2", "dsn-7e655dfb-8609-3f53-830a-46b9a79a4e96.1") + DELAY)));

    @TempDir
    Path directory;

    private static String full(String name) {
        return name + "@b.example 5.3.1 - | - | - | the outgoing queue is full: 3 mails"
                + " | permanent at 2026-03-01T12:00:00.123Z\n";
    }

    static Stream<String> states() throws IOException {
        try (Stream<Path> files = Files.list(STORED.resolve("states"))) {
            return files.map(file -> file.getFileName().toString().replace(".json", "")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("states")
    void whatIsKnownOfAMailIsReadAndWrittenAsItWas(String name) throws Exception {
        Mail mail = SampleMails.mail("another", "another@a.example");
        mail.setAttribute(new Attribute(STATE, AttributeValue.of(state(name))));
        MailState state = MailStateCodec.read(mail, NOW);
        assertThat(allOf(state)).isEqualTo(STATES.get(name));

        mail.removeAttribute(STATE);
        MailStateCodec.write(state, mail);
        assertThat(JSON.readTree(stateOn(mail))).isEqualTo(JSON.readTree(state(name)));
    }

    /** So that it takes its own place when it is postponed again after a crash. */
    @ParameterizedTest
    @MethodSource("postponed")
    void aPostponedNotificationHasTheIdentityThatItHad(String name) throws Exception {
        MailState before = MailStateCodec.fromJson(state("deferred"));
        MailState postponed = MailStateCodec.fromJson(state(name));
        assertThat(PostponedNotification.is(postponed.recordId())).isTrue();
        assertThat(PostponedNotification.of(before, postponed.notifications().get(0), postponed.due()))
                .isEqualTo(postponed);
    }

    static Stream<String> postponed() {
        return STATES.keySet().stream().filter(name -> name.startsWith("postponed"));
    }

    private static String state(String name) throws IOException {
        return Files.readString(STORED.resolve("states/" + name + ".json"));
    }

    private static String stateOn(Mail mail) {
        return mail.getAttribute(STATE)
                .flatMap(attribute -> attribute.getValue().valueAs(String.class))
                .orElseThrow();
    }

    /** Everything, in the order in which it was written down. */
    private static String allOf(MailState state) {
        StringBuilder all = new StringBuilder();
        all.append(state.recordId().id()).append('.').append(state.recordId().sequence());
        all.append(" name ").append(state.name()).append(", accepted ").append(state.acceptedAt());
        all.append(", ").append(state.attempts()).append(" attempts, due ").append(state.due());
        all.append(", delay told ").append(or(state.delayTold())).append('\n');
        all.append("recipients ")
                .append(state.recipients().stream().map(MailAddress::asString).toList())
                .append('\n');
        state.history()
                .forEach(attempt -> all.append(attempt.at() + " " + or(attempt.host()) + " | " + or(attempt.tls())
                        + " | " + or(attempt.stage()) + " | " + attempt.outcome() + " | " + attempt.text() + '\n'));
        state.lastSaid()
                .forEach(last -> all.append(last.outcome().word()).append(' ').append(allOf(last)));
        state.notifications().forEach(notification -> {
            all.append(notification.word())
                    .append(' ')
                    .append(notification.addressee())
                    .append('\n');
            notification.recipients().forEach(told -> all.append(allOf(told)));
        });
        state.hold()
                .ifPresent(hold -> all.append(hold.kind() + " " + hold.reason() + " since " + hold.since() + " until "
                        + or(hold.until()) + '\n'));
        return all.toString();
    }

    private static String allOf(RecipientReport told) {
        return told.recipient().asString() + " " + told.status()
                + told.lastStatus().map(last -> " after " + last).orElse("") + " " + or(told.reply()) + " | "
                + or(told.host()) + " | " + or(told.code()) + " | " + told.reason() + " | "
                + (told.isPermanent() ? "permanent " : "") + "at " + told.at() + '\n';
    }

    private static String or(Optional<?> value) {
        return value.map(Object::toString).orElse("-");
    }

    @Test
    void waitingMailsAreThereWithTheirEnvelopesAndMessages() throws Exception {
        WaitingRoom room = waitingRoom();
        room.readAllNow();
        // One that has just been read may count twice for a moment.
        await().atMost(Duration.ofMinutes(1)).until(room::size, size -> size == 3);
        assertThat(room.notifications()).isEqualTo(1);
        assertThat(room.unreadable()).isEmpty();
        assertThat(room.takeDue(Instant.parse("2026-03-01T17:00:00Z"), 10, any -> true))
                .extracting(waiting -> waiting.recordId().id())
                .containsExactlyInAnyOrder(ID, POSTPONED);

        Mail mail = room.look(ID).orElseThrow();
        assertThat(allOf(MailStateCodec.read(mail, NOW))).isEqualTo(DEFERRED);
        assertThat(mail.getName()).isEqualTo("Mail1772366400123-b4f3");
        assertThat(mail.getMaybeSender().asString()).isEqualTo("\"jürgen\"@a.example");
        assertThat(mail.getState()).isEqualTo("relay");
        assertThat(mail.getRemoteAddr()).isEqualTo("192.0.2.7");
        assertThat(mail.getRemoteHost()).isEqualTo("client.a.example");
        assertThat(mail.getAttribute(AttributeName.of("org.apache.james.SMTPAuthUser"))
                        .orElseThrow()
                        .getValue()
                        .value())
                .isEqualTo("jürgen@a.example");
        DsnParameters dsn = mail.dsnParameters().orElseThrow();
        assertThat(dsn.getEnvIdParameter().orElseThrow().asString()).isEqualTo("QQ+2B314159");
        assertThat(dsn.getRetParameter()).contains(DsnParameters.Ret.HDRS);
        assertThat(dsn.getRcptParameters().entrySet().stream()
                        .collect(Collectors.toMap(
                                each -> each.getKey().asString(),
                                each -> each.getValue().getNotifyParameter().orElseThrow()
                                        + each.getValue()
                                                .getOrcptParameter()
                                                .map(MailAddress::asString)
                                                .orElse(""))))
                .isEqualTo(Map.of(
                        "bob@b.example",
                        "[SUCCESS, FAILURE, DELAY]bobby+2Btag@b.example",
                        "carol@b.example",
                        "[NEVER]"));
        assertThat(message(mail))
                .endsWith("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                        + ".Grüße ✓\r\n\r\nno newline at the end");
        LifecycleUtil.dispose(mail);

        Mail postponed = room.look(POSTPONED).orElseThrow();
        assertThat(allOf(MailStateCodec.read(postponed, NOW)))
                .isEqualTo(DONE.replace(ID + ".2", POSTPONED + ".1") + "FAILURE SENDER\n" + REFUSED);
        assertThat(postponed.getRecipients()).isEmpty();
        LifecycleUtil.dispose(postponed);

        Mail held = room.look("held-1").orElseThrow();
        assertThat(held.getMaybeSender().isNullSender()).isTrue();
        assertThat(MailStateCodec.read(held, NOW).recipients()).isEqualTo(SampleMails.addresses("\"a;b c\"@b.example"));
        assertThat(MailStateCodec.read(held, NOW).hold().map(Hold::reason)).contains("held by webadmin");
        assertThat(message(held)).isEqualTo("From: <postmaster@a.example>\r\nSubject: Undeliverable\r\n\r\nbody\r\n");
        LifecycleUtil.dispose(held);
        room.close();
    }

    private WaitingRoom waitingRoom() throws Exception {
        Path mails = Files.createDirectories(directory.resolve("var/mail/outgoing-waiting"));
        try (Stream<Path> files = Files.list(STORED.resolve("var/mail/outgoing-waiting"))) {
            for (Path file : files.toList()) {
                Files.copy(file, mails.resolve(file.getFileName()));
            }
        }
        DurableMailRepository repository = new DurableMailRepository(
                MailRepositoryUrl.from("durable://var/mail/outgoing-waiting"), new DirectoryFileSystem(directory));
        repository.init();
        WaitingRoom room = new WaitingRoom(
                repository,
                SampleRoutes.table(SampleRoutes.independent()),
                new QueueLedger(() -> 0),
                new MovableClock());
        room.open();
        return room;
    }

    private static String message(Mail mail) throws Exception {
        try (InputStream octets = new MimeMessageInputStream(mail.getMessage())) {
            return new String(octets.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** One route has every option that there is. */
    @Test
    void routesAreReadAndWrittenAsTheyWere() throws Exception {
        Map<String, ?> routes = read("outgoing-routes.json", new RouteCodec());
        assertThat(routes.keySet())
                .containsExactly(
                        "*",
                        "*.example.com",
                        "empty.example",
                        "every.example",
                        "sales.example.com",
                        "xn--bcher-kva.example");
    }

    @Test
    void limitsAndSuspensionsAreReadAndWrittenAsTheyWere() throws Exception {
        Suspension open =
                new Suspension("suspended by webadmin", Instant.parse("2026-03-01T12:00:00.123Z"), Optional.empty());
        Suspension ending = new Suspension(
                "они переезжают",
                Instant.parse("2026-03-01T12:00:01.456Z"),
                Optional.of(Instant.parse("2026-03-01T17:00:00Z")));
        assertThat(read("outgoing-controls.json", new ControlCodec()))
                .isEqualTo(Map.of(
                        "outgoing",
                        new RuntimeControls(
                                Map.of(
                                        QueueLimit.MAILS, 50_000L,
                                        QueueLimit.SIZE, 20L << 30,
                                        QueueLimit.MAILS_PER_DOMAIN, 0L,
                                        QueueLimit.MAILS_PER_SENDER, 7L),
                                new RuntimeControls.Suspended(open),
                                Map.of("a.example", open, "b.example", ending),
                                Map.of("mx.b.example", ending, "192.0.2.1", open)),
                        "second",
                        new RuntimeControls(Map.of(), new RuntimeControls.Resumed(), Map.of(), Map.of()),
                        "third",
                        RuntimeControls.NONE.withLimits(Map.of(QueueLimit.MAILS, Optional.of(1L)))));
    }

    @Test
    void templatesAreReadAndWrittenAsTheyWere() throws Exception {
        Map<String, String> templates = read("outgoing-templates.json", new TemplateCodec());
        assertThat(templates.keySet())
                .containsExactlyInAnyOrder(Stream.of("failure", "delay", "success", "queue-full")
                        .flatMap(kind -> Stream.of("", ".de", ".pt-br").map(language -> kind + language))
                        .toArray(String[]::new));
        templates.forEach((name, source) -> assertThat(source)
                .isEqualTo("Subject: " + name + " – {{subject}}\n\n"
                        + "{{#recipients}}<{{address}}> \"{{reply}}\"\\\n{{/recipients}}\n"
                        + "--- html ---\n<p>{{sender}}</p>\n"));
    }

    /** The values by their names; each would be written as it stands in the file. */
    private <K, V> Map<String, V> read(String file, Codec<K, V> codec) throws Exception {
        Path copy = Files.copy(STORED.resolve("var").resolve(file), directory.resolve(file));
        Codec.Words words = codec.words();
        Map<String, V> values = new TreeMap<>();
        JsonNode content = JSON.readTree(copy.toFile()).get("content");
        try (JsonStore<K, V> store = JsonStore.at(copy, codec)) {
            var stored = store.load();
            for (JsonNode written : content.get(words.many())) {
                String name = written.get(words.name()).asText();
                var one = stored.get(codec.nameFromText(name));
                assertThat(one.revision()).isEqualTo(written.get("revision").asLong());
                String value = codec.valueToJson(one.value()).toString();
                assertThat(JSON.readTree(value)).isEqualTo(written.get(words.value()));
                values.put(name, one.value());
            }
            assertThat(values).hasSameSizeAs(stored);
        }
        return values;
    }
}
