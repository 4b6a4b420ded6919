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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.Test;

/**
 * All that waits goes to another server, though both are killed in the middle of it. One goes on trying meanwhile, and the other
 * delivers what it has while it imports the rest.
 */
class ExportIT {

    private static final String ALICE = "alice@james.test";
    private static final Pattern RECIPIENT = Pattern.compile("bob\\d+@there\\.test");
    private static final int MAILS = 400;

    @Test
    void allThatWaitsIsDeliveredByTheOtherServerOnceThoughExportAndImportWereKilled() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, Answer.reply("450 4.2.1 not now"));
            JamesSetup setup = JamesSetup.james()
                    .user(ALICE, "secret")
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>30s</resendDelays>");
            Set<String> recipients = new TreeSet<>();
            try (JamesProcess james = JamesProcess.prepare(setup)) {
                james.start();
                QueuedMails mails = new QueuedMails(james.webadminPort());
                try (SmtpSender smtp = james.smtp()) {
                    for (int i = 0; i < MAILS; i++) {
                        String recipient = "bob" + i + "@there.test";
                        smtp.send(ALICE, List.of(recipient), TestMessage.text(ALICE, "number " + i, "text\r\n"));
                        recipients.add(recipient);
                    }
                }
                soon().untilAsserted(() -> assertThat(mails.count("deferred")).isEqualTo(MAILS));
                mails.done("bob7@there.test", "hold");
                set(mails.webadmin());
                Path exports = james.workingDirectory().resolve("var/outgoing-exports");

                mails.webadmin().post("/outgoing/export?folder=move", "");
                often().until(() -> count(exports.resolve(".move.unfinished/queue-outgoing"), ".mail") > 20);
                james.kill();
                assertThat(exports.resolve("move")).as("killed before its end").doesNotExist();

                james.start();
                QueuedMails again = new QueuedMails(james.webadminPort());
                soon().untilAsserted(() -> assertThat(again.count("deferred")).isEqualTo(MAILS - 1));
                JsonNode exported = again.endOfTask("/outgoing/export?folder=move");
                assertThat(exported.at("/status").asText()).isEqualTo("completed");
                assertThat(exported.at("/additionalInformation/mails").asInt()).isEqualTo(MAILS);
                assertThat(exported.at("/additionalInformation/queued").asInt()).isZero();
                james.kill();
                loseEverythingBut(exports);

                receiver.acceptAll();
                james.start();
                QueuedMails there = new QueuedMails(james.webadminPort());
                assertThat(there.states()).isEmpty();
                there.webadmin().post("/outgoing/import?folder=move", "");
                Path list = exports.resolve("move/queue-outgoing/imported.txt");
                often().until(() -> lines(list) >= 100);
                james.kill();
                assertThat(lines(list)).as("killed before its end").isLessThan(MAILS);
                Set<String> inFlight = inFlight(james);

                james.start();
                QueuedMails rest = new QueuedMails(james.webadminPort());
                JsonNode imported = rest.endOfTask("/outgoing/import?folder=move");
                assertThat(imported.at("/status").asText())
                        .as(imported.toString())
                        .isEqualTo("completed");
                soon().untilAsserted(() -> assertThat(rest.states().values()).containsExactly("held"));
                assertIsSet(rest.webadmin());
                rest.done("bob7@there.test", "release");
                soon().untilAsserted(() -> assertThat(rest.states()).isEmpty());

                List<String> lost = new ArrayList<>();
                List<String> doubled = new ArrayList<>();
                for (String recipient : recipients) {
                    int copies = receiver.mailsTo(recipient).size();
                    if (copies == 0) {
                        lost.add(recipient);
                    } else if (copies > 1) {
                        doubled.add(recipient);
                    }
                }
                assertThat(lost).as("lost").isEmpty();
                assertThat(inFlight)
                        .as("in flight at the kill, so perhaps doubled")
                        .containsAll(doubled);
                james.stop();
            }
        }
    }

    private static ConditionFactory often() {
        return soon().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    private static long count(Path directory, String ending) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).count();
        }
    }

    private static long lines(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .filter(line -> !line.isEmpty())
                        .count()
                : 0;
    }

    private static void set(Webadmin webadmin) throws Exception {
        assertThat(webadmin.put(
                                "/outgoing/routes/kept.test",
                                "{\"gatewayPassword\": \"secret\", \"gatewayUsername\":"
                                        + " \"james\", \"relayHosts\": \"127.0.0.1:1\"}")
                        .status())
                .isEqualTo(201);
        assertThat(webadmin.put("/outgoing/suspensions/domains/kept.test", "{\"reason\": \"they move\"}")
                        .status())
                .isEqualTo(201);
        assertThat(webadmin.put("/outgoing/templates/failure.de", "Subject: Nein\n\nKam nicht an.")
                        .status())
                .isEqualTo(201);
    }

    private static void assertIsSet(Webadmin webadmin) throws Exception {
        assertThat(webadmin.get("/outgoing/routes/kept.test").at("/options/gatewayUsername"))
                .isEqualTo("james");
        assertThat(webadmin.get("/outgoing/suspensions").at("/domains/kept.test/reason"))
                .isEqualTo("they move");
        assertThat(webadmin.get("/outgoing/templates/failure.de").at("/origin")).isEqualTo("runtime");
    }

    /** A fresh server: nothing of what James stored is left. */
    private static void loseEverythingBut(Path kept) throws IOException {
        try (Stream<Path> all = Files.walk(kept.getParent())) {
            all.filter(path -> !path.startsWith(kept) && !path.equals(kept.getParent()))
                    .sorted(Comparator.reverseOrder())
                    .forEach(path -> {
                        try {
                            Files.delete(path);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    /** Recipients whose mail was imported and not yet written down as delivered when the server was killed. */
    private static Set<String> inFlight(JamesProcess james) throws IOException {
        Path waiting = james.workingDirectory().resolve("var/mail/outgoing-waiting");
        Set<String> recipients = new TreeSet<>();
        try (Stream<Path> files = Files.list(waiting)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".mail")).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                Matcher recipient = RECIPIENT.matcher(text);
                if (recipient.find()) {
                    recipients.add(recipient.group());
                }
            }
        }
        return recipients;
    }
}
