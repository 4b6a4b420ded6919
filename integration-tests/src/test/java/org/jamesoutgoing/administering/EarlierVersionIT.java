/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingConnection;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A James over what one with an earlier version left in its working directory: nothing is lost. The files in
 * {@code earlier-version/} are never written anew: {@code var/} is what that James stored, {@code webadmin/} what it said of
 * it. Its service is suspended, so that nothing leaves before the test says so.
 */
class EarlierVersionIT {

    private static final Path EARLIER = Path.of("src/test/resources/org/jamesoutgoing/administering/earlier-version")
            .toAbsolutePath();
    /** After it had stopped. */
    private static final Instant LEFT = Instant.parse("2026-11-28T05:19:45Z");
    /** All is due, and no mail has expired: it was left so long ago. */
    private static final Duration AGO = Duration.ofHours(2);

    private static final Pattern MILLISECONDS = Pattern.compile("(?<=\":)\\d{13}(?=[,}])");
    private static final Pattern TIME = Pattern.compile("(?<=\")20\\d\\d-[0-9-]+T[0-9:.]+Z(?=\")");
    private static final String ALICE = "alice@james.test";
    /** Who was still to be told of a mail that had failed. */
    private static final String AUTHOR = "author@far.test";

    private static final List<String> DUE = List.of(
            "deferred@there.test",
            "\"a;b\"@there.test",
            "later@there.test",
            "null@there.test",
            "waits@routed.test",
            "waits@backup.test",
            "over@there.test");
    private static final Map<String, String> KEPT =
            Map.of("held@there.test", "held", "waits@suspended.test", "deferred");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long passed = Duration.between(LEFT, Instant.now()).minus(AGO).toMillis();

    @TempDir
    Path working;

    @Test
    void whatAnEarlierVersionStoredIsThereAndGoesOn() throws Exception {
        Path earlierMails = EARLIER.resolve("var/mail/outgoing-waiting");
        Files.createDirectories(working.resolve("var/mail/outgoing-waiting"));
        try (Stream<Path> files = Files.walk(EARLIER.resolve("var"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = working.resolve(EARLIER.relativize(file).toString());
                Files.copy(file, copy);
                if (file.startsWith(earlierMails)) {
                    Files.writeString(copy, later(text(file)), StandardCharsets.ISO_8859_1);
                }
            }
        }
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.offer("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "AUTH PLAIN");
            JamesSetup setup = JamesSetup.james()
                    .protocols(Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>");
            try (JamesServer james = JamesServer.start(setup, working)) {
                QueuedMails mails = new QueuedMails(james);
                assertSaysTheSame(mails);
                assertThat(receiver.connections()).isEmpty();
                go(mails.webadmin(), receiver.port());
                soon().untilAsserted(() -> assertThat(mails.states()).isEqualTo(KEPT));
                assertIsDelivered(receiver, DUE);
                assertIsAsItWasSent(receiver);
                assertThat(receiver.mailsTo(AUTHOR)).hasSize(1);
                assertThat(receiver.mailsTo(AUTHOR).get(0).header("Subject")).isEqualTo("Kept words");
                assertThat(receiver.mailsTo(AUTHOR).get(0).text())
                        .contains("nobody2@there.test: 550 5.1.1 no such user");
            }
            try (JamesServer james = JamesServer.start(setup, working)) {
                QueuedMails mails = new QueuedMails(james);
                soon().untilAsserted(() -> assertThat(mails.states()).isEqualTo(KEPT));
                assertThat(mailAt(mails, "held@there.test"))
                        .isEqualTo(said("mails").get("held@there.test"));
                assertThat(mails.webadmin().get("/outgoing/limits").json()).isEqualTo(said("limits"));
                ObjectNode suspensions = (ObjectNode) said("suspensions");
                suspensions.remove("service");
                assertThat(mails.webadmin().get("/outgoing/suspensions").json()).isEqualTo(suspensions);

                mails.done("held@there.test", "release");
                mails.webadmin().send("DELETE", "/outgoing/suspensions/domains/suspended.test", "");
                soon().untilAsserted(() -> assertThat(mails.states()).isEmpty());
                assertIsDelivered(receiver, List.copyOf(KEPT.keySet()));
                assertThat(receiver.mails()).hasSize(DUE.size() + KEPT.size() + 1);
                soon().untilAsserted(() -> assertThat(james.repositoryKeys("durable://var/mail/outgoing-waiting"))
                        .isEmpty());
            }
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** The file of a mail, with the same octets but in its times. */
    private String later(String mail) {
        return MILLISECONDS.matcher(mail).replaceAll(time -> Long.toString(Long.parseLong(time.group()) + passed));
    }

    private static JsonNode said(String file) throws IOException {
        return JSON.readTree(EARLIER.resolve("webadmin/" + file + ".json").toFile());
    }

    private void assertSaysTheSame(QueuedMails mails) throws Exception {
        for (String what : List.of("routes", "limits", "suspensions")) {
            assertThat(mails.webadmin().get("/outgoing/" + what).json())
                    .as(what)
                    .isEqualTo(said(what));
        }
        for (JsonNode template : JSON.readTree(
                        EARLIER.resolve("var/outgoing-templates.json").toFile())
                .at("/content/templates")) {
            JsonNode found = mails.webadmin()
                    .get("/outgoing/templates/" + template.get("name").asText())
                    .json();
            assertThat(found.get("origin").asText()).isEqualTo("runtime");
            assertThat(found.get("revision")).isEqualTo(template.get("revision"));
            assertThat(found.get("source")).isEqualTo(template.get("source"));
        }
        JsonNode said = said("mails");
        // What was still to be told is a mail itself now.
        soon().untilAsserted(() ->
                assertThat(mails.states()).hasSize(said.size() + 1).containsKey(AUTHOR));
        for (JsonNode mail : said) {
            String recipient = mail.at("/recipients/0/address").asText();
            assertThat(mailAt(mails, recipient)).as(recipient).isEqualTo(mail);
        }
    }

    /** What is said of the mail to this recipient, with the times that it had when it was left. */
    private JsonNode mailAt(QueuedMails mails, String recipient) throws Exception {
        for (JsonNode mail : mails.list("")) {
            if (mail.at("/recipients/0").asText().equals(recipient)) {
                String body = mails.webadmin()
                        .get("/outgoing/queue/" + mail.get("id").asText())
                        .body();
                return JSON.readTree(TIME.matcher(body).replaceAll(this::earlier));
            }
        }
        throw new AssertionError("no mail to " + recipient);
    }

    private String earlier(MatchResult time) {
        return Instant.parse(time.group()).minusMillis(passed).toString();
    }

    private static void go(Webadmin webadmin, int port) throws Exception {
        Map<String, String> changes = Map.of(
                "routed.test", "{\"gatewayPort\": " + port + "}",
                "backup.test", "{\"relayHosts\": \"127.0.0.1:" + port + "\"}");
        for (Map.Entry<String, String> change : changes.entrySet()) {
            Webadmin.Answer answer = webadmin.send("PATCH", "/outgoing/routes/" + change.getKey(), change.getValue());
            assertThat(answer.status()).as(answer.body()).isEqualTo(204);
        }
        assertThat(webadmin.send("DELETE", "/outgoing/suspensions/service", "").status())
                .isEqualTo(204);
    }

    /** Once, every octet of its message, and to nobody else. */
    private static void assertIsDelivered(ReceivingServer receiver, List<String> recipients) throws IOException {
        for (String recipient : recipients) {
            assertThat(receiver.mailsTo(recipient)).as(recipient).hasSize(1);
            ReceivedMail mail = receiver.mailsTo(recipient).get(0);
            assertThat(mail.recipients()).containsExactly(recipient);
            String id = said("mails").get(recipient).get("id").asText();
            try (Stream<Path> files = Files.list(EARLIER.resolve("var/mail/outgoing-waiting"))) {
                Path stored = files.filter(file -> file.getFileName().toString().startsWith(id + "."))
                        .findAny()
                        .orElseThrow();
                // A message of James's own may have other line ends; none leaves so.
                String sent = text(stored).replaceAll("\\r?\\n", "\r\n");
                assertThat(sent.endsWith(mail.text() + "JOM1")).as(mail.text()).isTrue();
            }
        }
    }

    private static void assertIsAsItWasSent(ReceivingServer receiver) {
        ReceivedMail deferred = receiver.mailsTo("deferred@there.test").get(0);
        assertThat(deferred.sender()).isEqualTo(ALICE);
        assertThat(deferred.senderParameters()).contains("RET=HDRS", "ENVID=QQ314159");
        assertThat(new String(deferred.content(), StandardCharsets.UTF_8)).endsWith("\r\n\r\n.Grüße ✓\r\n\r\n..\r\n");
        assertThat(receiver.mailsTo("null@there.test").get(0).sender()).isEmpty();
        assertThat(receiver.mailsTo("waits@backup.test").get(0).sender()).isEqualTo("stranger@far.test");
        String login = Base64.getEncoder().encodeToString("\0jämes\0correct-horse".getBytes(StandardCharsets.UTF_8));
        assertThat(receiver.connections().stream()
                        .flatMap(connection -> connection.commands().stream().map(ReceivingConnection.Command::line)))
                .contains("AUTH PLAIN " + login)
                .anyMatch(command -> command.startsWith("RCPT TO:<deferred@there.test>")
                        && command.contains("NOTIFY=SUCCESS,FAILURE")
                        && command.contains("ORCPT=rfc822;first+2Btag@there.test"));
    }
}
