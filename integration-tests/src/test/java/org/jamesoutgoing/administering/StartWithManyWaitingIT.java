/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.administering.QueuedMails.soon;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.Test;

/** The service starts over a waiting room with very many mails. */
class StartWithManyWaitingIT {

    private static final int WAITING = Integer.getInteger("james-outgoing.waiting", 100_000);
    /** Ends a hang; a slow disk takes minutes. */
    private static final Duration TO_READ = Duration.ofMinutes(30);

    private static final String ALICE = "alice@james.test";

    @Test
    void newMailIsDeliveredWhileTheWaitingOnesAreReadAndThenAllAreListed() throws Exception {
        Path directory = Files.createTempDirectory("james-");
        try (ReceivingServer receiver = ReceivingServer.start()) {
            JamesSetup setup = JamesSetup.james()
                    .user(ALICE, "secret")
                    .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                    .withExtensionLines()
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts>"
                            + "<resendDelays>1h</resendDelays>");
            receiver.answer(Stage.RCPT, Answer.reply("450 4.2.1 not now"));
            try (JamesServer james = JamesServer.start(setup, directory)) {
                james.send(ALICE, "waits@far.test");
                QueuedMails mails = new QueuedMails(james);
                soon().untilAsserted(
                                () -> assertThat(mails.list("?state=deferred")).hasSize(1));
            }
            multiply(directory.resolve("var/mail/outgoing-waiting"));
            receiver.acceptAll();

            try (JamesServer james = JamesServer.start(setup, directory)) {
                james.send(ALICE, "new@far.test");
                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("new@far.test")).hasSize(1));
                Webadmin webadmin = new Webadmin(james.webadminPort());
                assertThat(webadmin.get("/outgoing").json().at("/0/unread").asInt())
                        .as("the index fills meanwhile")
                        .isPositive();

                soon().atMost(TO_READ)
                        .until(() ->
                                webadmin.get("/outgoing").json().at("/0/unread").asInt() == 0);
                assertThat(listed(james)).isEqualTo(WAITING);
                assertThat(webadmin.get("/outgoing")
                                .json()
                                .at("/0/mails/deferred/mails")
                                .asInt())
                        .isEqualTo(WAITING);
            }
        } finally {
            remove(directory);
        }
    }

    /** A record is known by the name of its file; what is in it may be the same. */
    private static void multiply(Path waitingRoom) throws Exception {
        Path first;
        try (Stream<Path> files = Files.list(waitingRoom)) {
            first = files.findFirst().orElseThrow();
        }
        byte[] record = Files.readAllBytes(first);
        for (int i = 1; i < WAITING; i++) {
            Files.write(waitingRoom.resolve("w" + i + ".1.mail"), record);
        }
    }

    /** Reads the list as it comes, without keeping it. */
    private static int listed(JamesServer james) throws Exception {
        URI all = URI.create("http://127.0.0.1:" + james.webadminPort() + "/outgoing/queue?limit=0");
        int mails = 0;
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(all.toURL().openStream(), StandardCharsets.UTF_8))) {
            char[] buffer = new char[8192];
            String rest = "";
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                String text = rest + new String(buffer, 0, read);
                String[] parts = text.split("\"acceptedAt\"", -1);
                mails += parts.length - 1;
                rest = parts[parts.length - 1];
            }
        }
        return mails;
    }

    private static void remove(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
