/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.backup.Stranger.backupRoute;
import static org.jamesoutgoing.backup.Stranger.place;
import static org.jamesoutgoing.backup.Stranger.soon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom a backup mail server takes mail, against backscatter: a list, what the main server says, or everybody. */
class RecipientPolicyIT {

    private static final String STRANGER = "stranger@elsewhere.test";

    @TempDir
    private static Path files;

    private static Path list;
    private static ReceivingServer elsewhere;
    private static ReceivingServer main;
    private static ReceivingServer silent;
    private static ReceivingServer down;
    private static String downPlace;
    private static JamesServer james;

    @BeforeAll
    static void start() throws Exception {
        elsewhere = ReceivingServer.start();
        main = ReceivingServer.start();
        silent = ReceivingServer.start();
        silent.answer(Stage.RCPT, Answer.stall());
        down = ReceivingServer.start();
        downPlace = place(down);
        down.close();
        list = Files.writeString(files.resolve("recipients"), "ann\nbob@file.test # both spellings\ncarl@other.test\n");
        james = JamesServer.start(Stranger.james(
                elsewhere,
                backupRoute("any.test", "any", main)
                        + backupRoute("list.test", "ann, Bob.B, o'dd", main)
                        + backupRoute("file.test", "file:" + list, main)
                        + backupRoute("ask.test", "ask", main)
                        + backupRoute("unsaid.test", "ask", main)
                                .replace("<backupRecipients>ask</backupRecipients>", "")
                        + backupRoute("silent.test", "ask", silent)
                        + backupRoute("second.test", "ask", downPlace + "," + place(main), "")
                        + backupRoute("down.test", "ask", downPlace, "")));
    }

    @AfterAll
    static void stop() throws Exception {
        silent.close();
        james.close();
        main.close();
        elsewhere.close();
    }

    @BeforeEach
    void mainTakesAll() {
        main.acceptAll();
    }

    @Test
    void anyTakesEverybody() throws Exception {
        main.answer(Stage.RCPT, "nobody", Answer.reply("550 5.1.1 no such user"));
        assertThat(answer("nobody@any.test")).startsWith("250");
    }

    @Test
    void aListTakesThoseOnItInUpperAndLowerCase() throws Exception {
        assertThat(answer("ann@list.test")).startsWith("250");
        assertThat(answer("ANN@LIST.TEST")).startsWith("250");
        assertThat(answer("\"ann\"@list.test")).startsWith("250");
        assertThat(answer("bob.b@list.test")).startsWith("250");
        assertThat(answer("o'dd@list.test")).startsWith("250");
        assertThat(answer("carl@list.test")).startsWith("550 5.1.1");
        assertThat(answer("bob@list.test")).startsWith("550 5.1.1");
    }

    @Test
    void aListInAFileIsReadAgainWhenItHasChanged() throws Exception {
        assertThat(answer("ann@file.test")).startsWith("250");
        assertThat(answer("Bob@file.test")).startsWith("250");
        assertThat(answer("carl@file.test")).startsWith("550 5.1.1");
        Files.writeString(list, "carl\n");
        assertThat(answer("carl@file.test")).startsWith("250");
        assertThat(answer("ann@file.test")).startsWith("550 5.1.1");
        Files.delete(list);
        assertThat(answer("carl@file.test")).as("nobody knows").startsWith("451");
        Files.writeString(list, "ann\nbob@file.test\n");
        assertThat(answer("ann@file.test")).startsWith("250");
    }

    @Test
    void theMainServerIsAskedAndNeverSentDataBeforeThereIsAMail() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        main.onLine(lines::add);
        main.answer(Stage.RCPT, "nobody@ask.test", Answer.reply("550 5.1.1 no such user"));
        assertThat(answer("somebody@ask.test")).startsWith("250");
        assertThat(answer("nobody@ask.test")).startsWith("550 5.1.1");
        assertThat(answer("nobody2@unsaid.test")).startsWith("250");
        assertThat(lines)
                .anyMatch(line -> line.contains("MAIL FROM:<>"))
                .anyMatch(line -> line.contains("RCPT TO:<somebody@ask.test>"))
                .anyMatch(line -> line.contains("RCPT TO:<nobody@ask.test>"))
                .anyMatch(line -> line.contains("RCPT TO:<nobody2@unsaid.test>"))
                .noneMatch(line -> line.matches("C: (DATA|BDAT).*"));
    }

    @Test
    void anAnswerCountsForAWhile() throws Exception {
        answer("often@ask.test");
        int connections = main.connections().size();
        for (int i = 0; i < 5; i++) {
            assertThat(answer("Often@ask.test")).startsWith("250");
        }
        assertThat(main.connections()).hasSize(connections);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "450 4.2.1 greylisted",
                "452 4.5.3 too many",
                "552 5.5.3 too many",
                "421 4.3.2 closing",
                "250 2.1.5 fine"
            })
    void whatIsNoClearNoLetsTheRecipientIn(String reply) throws Exception {
        String user = "user" + reply.replaceAll("\\W", "");
        main.answer(Stage.RCPT, user, Answer.reply(reply));
        assertThat(answer(user + "@ask.test")).startsWith("250");
    }

    @Test
    void aMainServerThatTakesNoNullSenderDoesNotSpeakOfTheRecipient() throws Exception {
        main.answer(Stage.MAIL, Answer.reply("550 5.7.1 no bounces please"));
        assertThat(answer("nullsender@ask.test")).startsWith("250");
    }

    @Test
    void whileTheMainServerIsDownEverybodyIsTaken() throws Exception {
        assertThat(answer("somebody@down.test")).startsWith("250");
        assertThat(answer("nobody@down.test")).startsWith("250");
    }

    @Test
    void theSecondMainServerIsAskedWhenTheFirstIsDown() throws Exception {
        main.answer(Stage.RCPT, "nobody@second.test", Answer.reply("550 5.1.1 no such user"));
        assertThat(answer("nobody@second.test")).startsWith("550 5.1.1");
    }

    @Test
    void aMainServerThatHangsHoldsUpOneClientForSecondsAndTheNextNotAtAll() throws Exception {
        assertThat(answer("one@silent.test")).as("far before it answers").startsWith("250");
        soon().untilAsserted(() -> {
            int asked = silent.connections().size();
            assertThat(answer("two" + System.nanoTime() + "@silent.test")).startsWith("250");
            assertThat(silent.connections()).as("left alone").hasSize(asked);
        });
    }

    private static String answer(String recipient) throws Exception {
        try (Stranger stranger = new Stranger(james)) {
            stranger.from(STRANGER);
            return stranger.to(recipient);
        }
    }
}
