/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** RFC 5321 §6.1, RFC 3464 §2: a DSN that cannot be delivered is told to nobody; it is kept for the administrator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UndeliverableDsnIT {

    private static final String POSTMASTER = "postmaster@james.test";
    private static final MailRepositoryUrl DEAD_LETTERS =
            MailRepositoryUrl.from("durable://var/mail/outgoing-dead-letters");

    /** The conversations since the last test. */
    private final List<String> commands = new CopyOnWriteArrayList<>();

    private ReceivingServer receiver;
    private JamesServer james;

    @BeforeAll
    void start() throws Exception {
        receiver = ReceivingServer.start();
        receiver.offer("8BITMIME"); // no DSN: success is ours to tell
        receiver.onLine(commands::add);
        james = JamesServer.start(JamesSetup.james()
                .user(POSTMASTER, "secret")
                .protocols(Protocol.SMTP, Protocol.WEBADMIN)
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port()
                        + "</relayHosts><resendDelays>3s</resendDelays><delayDsnAfter>1s</delayDsnAfter>"
                        + "<nullSenderLifetime>2s</nullSenderLifetime>"));
        receiver.answer(Stage.RCPT, "nobody@", Answer.reply("550 5.1.1 no such user"));
    }

    @AfterEach
    void forget() throws Exception {
        deadLetters().removeAll();
        commands.clear();
    }

    @AfterAll
    void stop() throws Exception {
        james.close();
        receiver.close();
    }

    @Test
    void aFailureDsnWhoseRecipientIsRefused() throws Exception {
        receiver.answer(Stage.RCPT, "ghost@refusing.test", Answer.reply("550 5.1.1 nobody here"));

        james.send("ghost@refusing.test", "nobody@refusing.test");

        endsAsADeadLetterAfter(1, "ghost@refusing.test");
    }

    @Test
    void aFailureDsnWhoseContentIsRefused() throws Exception {
        receiver.answer(Stage.MESSAGE, " ghost@filtering.test", Answer.reply("554 5.7.1 looks like spam"));

        james.send("ghost@filtering.test", "nobody@filtering.test");

        endsAsADeadLetterAfter(1, "ghost@filtering.test");
    }

    /** Its lifetime is that of the null sender, and nobody is told of its delay. */
    @Test
    void aFailureDsnThatIsDeferredForTooLong() throws Exception {
        receiver.answer(Stage.RCPT, "ghost@busy.test", Answer.reply("450 4.2.1 later"));

        james.send("ghost@busy.test", "nobody@busy.test");

        endsAsADeadLetterAfter(2, "ghost@busy.test");
    }

    @Test
    void aSuccessDsn() throws Exception {
        receiver.answer(Stage.RCPT, "ghost@forgetful.test", Answer.reply("550 5.1.1 nobody here"));

        try (SmtpSender smtp = james.smtp()) {
            smtp.command("MAIL FROM:<ghost@forgetful.test>");
            smtp.command("RCPT TO:<bob@forgetful.test> NOTIFY=SUCCESS");
            smtp.command("DATA");
            assertThat(smtp.data("Subject: test\r\n\r\nHello.\r\n".getBytes(StandardCharsets.US_ASCII)))
                    .startsWith("250");
        }

        endsAsADeadLetterAfter(1, "ghost@forgetful.test");
        assertThat(receiver.mailsTo("bob@forgetful.test")).hasSize(1);
    }

    @Test
    void aDelayDsn() throws Exception {
        receiver.answer(Stage.RCPT, "ghost@slow.test", Answer.reply("550 5.1.1 nobody here"));
        receiver.answer(Stage.RCPT, "bob@slow.test", Answer.reply("450 4.2.1 later"), 1);

        james.send("ghost@slow.test", "bob@slow.test");

        endsAsADeadLetterAfter(1, "ghost@slow.test");
        assertThat(receiver.mailsTo("bob@slow.test")).hasSize(1);
    }

    @Test
    void aMailFromTheNullSenderThatSomebodySent() throws Exception {
        james.send("", "nobody@elsewhere.test");

        endsAsADeadLetterAfter(1, "nobody@elsewhere.test");
    }

    private void endsAsADeadLetterAfter(int attempts, String recipient) throws Exception {
        soon().untilAsserted(() -> assertThat(deadLetters().size()).isEqualTo(1));
        nothingIsLeft(james, "outgoing");

        assertThat(deadLetters().size()).isEqualTo(1);
        MailKey key = deadLetters().list().next();
        Mail letter = deadLetters().retrieve(key);
        try {
            assertThat(letter.getMaybeSender().isNullSender()).isTrue();
            assertThat(letter.getRecipients()).hasToString("[" + recipient + "]");
        } finally {
            LifecycleUtil.dispose(letter);
        }
        assertThat(commands.stream().filter(line -> line.startsWith("C: MAIL FROM:<>")))
                .as("nothing but the DSN was sent from <>")
                .hasSize(attempts);
        assertThat(commands.stream().filter(line -> line.startsWith("C: RCPT TO:<" + recipient)))
                .hasSize(attempts);
        assertThat(james.inbox(POSTMASTER)).isEmpty();
    }

    @Test
    void aDeadLetterIsReadAndRemovedThroughJamesWebadmin() throws Exception {
        james.send("", "nobody@elsewhere.test");
        soon().untilAsserted(() -> assertThat(deadLetters().size()).isEqualTo(1));

        String mails = "/mailRepositories/var%2Fmail%2Foutgoing-dead-letters/mails";
        String keys = james.webadmin("GET", mails).body();
        String key = keys.substring(2, keys.length() - 2);
        assertThat(james.webadmin("GET", mails + "/" + key + "?additionalFields=attributes")
                        .body())
                .contains("nobody@elsewhere.test", "delivery-error", "550 5.1.1 no such user");
        assertThat(james.webadmin("DELETE", mails + "/" + key).statusCode()).isEqualTo(204);
        assertThat(deadLetters().size()).isZero();
    }

    private MailRepository deadLetters() throws Exception {
        return james.get(MailRepositoryStore.class).select(DEAD_LETTERS);
    }
}
