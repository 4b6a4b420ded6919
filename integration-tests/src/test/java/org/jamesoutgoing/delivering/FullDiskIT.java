/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A full disk bounces and loses nothing, and delivery goes on by itself when there is room again. Needs root, to mount. */
@EnabledIfSystemProperty(named = "user.name", matches = "root", disabledReason = "it mounts a small disk")
class FullDiskIT {

    @TempDir
    private Path workingDirectory;

    private Path disk;

    private static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(100));
    }

    @BeforeEach
    void smallDisk() throws Exception {
        disk = Files.createDirectories(workingDirectory.resolve("var/mail"));
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    @Test
    void mailThatMustWaitWhileTheWaitingRoomIsFullIsNeitherBouncedNorLost() throws Exception {
        try (ReceivingServer receiver = ReceivingServer.start()) {
            receiver.answer(Stage.RCPT, "later", Answer.reply("450 4.2.1 not now"), 20);
            JamesSetup setup = JamesSetup.james()
                    .queue(Queue.ACTIVEMQ)
                    .user("alice@james.test", "secret")
                    .outgoing("<relayHosts>127.0.0.1:" + receiver.port()
                            + "</relayHosts><resendDelays>2s</resendDelays>");
            try (JamesServer james = JamesServer.start(setup, workingDirectory)) {
                Path filler = disk.resolve("filler");
                fill(filler);
                for (int i = 0; i < 20; i++) {
                    james.send("alice@james.test", "later" + i + "@far.test");
                }
                james.send("alice@james.test", "now@far.test");
                soon().untilAsserted(() ->
                        assertThat(receiver.mailsTo("now@far.test")).hasSize(1));
                assertThat(receiver.mails()).hasSize(1);

                Files.delete(filler);
                for (int i = 0; i < 20; i++) {
                    String recipient = "later" + i + "@far.test";
                    soon().untilAsserted(() ->
                            assertThat(receiver.mailsTo(recipient)).hasSize(1));
                }
                assertThat(james.inbox("alice@james.test")).as("no bounce").isEmpty();
                soon().untilAsserted(() -> assertThat(james.repositoryKeys("durable://var/mail/outgoing-waiting"))
                        .isEmpty());
            }
        }
    }

    /** To the last byte. */
    private static void fill(Path file) throws IOException {
        byte[] block = new byte[1024];
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
