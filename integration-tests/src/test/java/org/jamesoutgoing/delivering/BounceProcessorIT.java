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

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.apache.james.core.MailAddress;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.ImapInbox;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The sample's {@code bounces} processor with our mailet in DSNBounce's place: after our delivery, and after James's own,
 * which is left for one domain.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BounceProcessorIT {

    private static final String ALICE = "alice@james.test";
    private static final String PASSWORD = "secret";
    private static final String SENT = "durable://var/mail/sent";
    private static final String BOUNCED = "durable://var/mail/bounced";
    private static final String REPLY = "550 5.1.1 no such user";

    private ReceivingServer receiver;
    private JamesServer james;

    @BeforeAll
    void start() throws Exception {
        receiver = ReceivingServer.start();
        receiver.answer(Stage.RCPT, "nobody", Answer.reply(REPLY));
        String gateway = "<gateway>127.0.0.1</gateway><gatewayPort>" + receiver.port() + "</gatewayPort>"
                + "<bounceProcessor>bounces</bounceProcessor>";
        String keep = "<mailet match=\"All\" class=\"ToRepository\"><passThrough>true</passThrough><repositoryPath>";
        james = JamesServer.start(JamesSetup.james()
                .protocols(Protocol.SMTP, Protocol.IMAP)
                .user(ALICE, PASSWORD)
                .outgoing(gateway + "<onSuccess>sent</onSuccess><resendDelays>1s</resendDelays>")
                .change(
                        "mailetcontainer.xml",
                        text -> text.replace(
                                "<processor state=\"bounces\" enableJmx=\"true\">",
                                "<processor state=\"sent\" enableJmx=\"false\">" + keep + SENT
                                        + "</repositoryPath></mailet>"
                                        + "<mailet match=\"All\" class=\"Null\"/></processor>"
                                        + "<processor state=\"bounces\" enableJmx=\"true\">" + keep + BOUNCED
                                        + "</repositoryPath></mailet>"))
                .change(
                        "mailetcontainer.xml",
                        text -> text.replace(
                                "<processor state=\"relay\" enableJmx=\"true\">",
                                "<processor state=\"relay\" enableJmx=\"true\">"
                                        + "<mailet match=\"HostIs=old.example\" class=\"RemoteDelivery\">"
                                        + "<outgoing>old</outgoing><maxRetries>1</maxRetries>" + gateway
                                        + "</mailet>")));
    }

    @AfterAll
    void stop() throws Exception {
        james.close();
        receiver.close();
    }

    @Test
    void theSenderReadsOverImapWhatTheServiceWouldHaveWritten() throws Exception {
        james.send(ALICE, "bob@example.org", "nobody@example.org");

        Dsn dsn = dsnAbout("nobody@example.org");
        assertThat(receiver.mailsTo("bob@example.org")).hasSize(1);
        assertThat(dsn.message().getSubject()).isEqualTo("Undelivered Mail: test");
        assertThat(dsn.message().getFrom()[0]).hasToString("Mail Delivery System <postmaster@james.test>");
        assertThat(dsn.message().getHeader("Return-Path", null)).isEqualTo("<>");
        assertThat(words(dsn))
                .contains("There is no mailbox with this address.")
                .contains("The other server (127.0.0.1[127.0.0.1]) answered:")
                .contains(REPLY);
        assertThat(dsn.recipients()).hasSize(1);
        assertThat(dsn.recipients().get(0))
                .containsEntry("action", "failed")
                .containsEntry("status", "5.1.1")
                .containsEntry("remote-mta", "dns; 127.0.0.1")
                .containsEntry("diagnostic-code", "smtp; " + REPLY);
        assertThat(dsn.mail()).containsEntry("reporting-mta", "dns; james.test");
        nothingIsLeft(james, "outgoing");
    }

    @Test
    void itUnderstandsWhatJamessRemoteDeliveryLeaves() throws Exception {
        james.send(ALICE, "nobody@old.example");

        Dsn dsn = dsnAbout("nobody@old.example");
        assertThat(words(dsn)).contains("There is no mailbox with this address.");
        assertThat(dsn.recipients().get(0))
                .containsEntry("status", "5.1.1")
                .containsEntry("diagnostic-code", "smtp; " + REPLY)
                .doesNotContainKey("remote-mta");
    }

    /** RFC 5321 §6.1, RFC 3461 §4.1. */
    @Test
    void nobodyIsToldOfMailFromNobodyNorOfWhatNotifyForbids() throws Exception {
        try (SmtpSender smtp = james.smtp()) {
            String message = TestMessage.text("daemon@james.test", "test", "Hello.\r\n");
            smtp.send("", List.of("nobody1@example.org"), message);
            smtp.command("MAIL FROM:<" + ALICE + ">");
            smtp.command("RCPT TO:<nobody2@example.org> NOTIFY=NEVER");
            smtp.command("DATA");
            assertThat(smtp.data(message.getBytes(StandardCharsets.US_ASCII))).startsWith("250");
        }
        james.send(ALICE, "nobody3@example.org");

        dsnAbout("nobody3@example.org");
        nothingIsLeft(james, "outgoing");
        assertThat(Dsn.about("nobody1@example.org", james, ALICE)).isEmpty();
        assertThat(Dsn.about("nobody2@example.org", james, ALICE)).isEmpty();
    }

    /** James's ToRepository keeps one mail of each name. */
    @Test
    void everyErrorOfAMailIsInTheRepositoryAndRepliesThatNameTheRecipientsAreOneError() throws Exception {
        for (String recipient : List.of("unknown1@example.org", "unknown2@example.org")) {
            receiver.answer(Stage.RCPT, recipient, Answer.reply("550 5.1.1 <" + recipient + "> unknown"));
        }
        receiver.answer(Stage.RCPT, "closed@example.org", Answer.reply("554 5.2.1 <closed@example.org> is disabled"));
        james.send(ALICE, "unknown1@example.org", "closed@example.org", "unknown2@example.org");

        for (String recipient : List.of("unknown1@example.org", "closed@example.org", "unknown2@example.org")) {
            soon().untilAsserted(
                            () -> assertThat(Dsn.about(recipient, james, ALICE)).hasSize(1));
        }
        assertThat(recipientsIn(BOUNCED, "unknown", "closed"))
                .containsExactlyInAnyOrder("[closed@example.org]", "[unknown1@example.org, unknown2@example.org]");
    }

    @Test
    void everySuccessOfAMailIsInTheRepository() throws Exception {
        receiver.answer(Stage.RCPT, "later@example.org", Answer.reply("450 4.2.1 not now"), 1);
        james.send(ALICE, "at-once@example.org", "later@example.org");

        soon().untilAsserted(() -> assertThat(recipientsIn(SENT, "at-once", "later"))
                .containsExactlyInAnyOrder("[at-once@example.org]", "[later@example.org]"));
        nothingIsLeft(james, "outgoing");
    }

    /** Those of each mail, of which one begins so. */
    private List<String> recipientsIn(String url, String... beginnings) throws Exception {
        MailRepository repository = james.get(MailRepositoryStore.class).select(MailRepositoryUrl.from(url));
        List<String> all = new ArrayList<>();
        for (String key : james.repositoryKeys(url)) {
            Mail mail = repository.retrieve(new MailKey(key));
            List<String> recipients = mail.getRecipients().stream()
                    .map(MailAddress::asString)
                    .sorted()
                    .toList();
            if (recipients.stream().anyMatch(recipient -> Stream.of(beginnings).anyMatch(recipient::startsWith))) {
                all.add(recipients.toString());
            }
            LifecycleUtil.dispose(mail);
        }
        return all;
    }

    private Dsn dsnAbout(String recipient) throws Exception {
        soon().untilAsserted(() -> assertThat(readOverImap(recipient)).hasSize(1));
        return readOverImap(recipient).get(0);
    }

    private List<Dsn> readOverImap(String recipient) throws Exception {
        List<Dsn> found = new ArrayList<>();
        for (byte[] octets : ImapInbox.messages(james.imapPort(), ALICE, PASSWORD)) {
            Dsn dsn = Dsn.of(new MimeMessage(null, new ByteArrayInputStream(octets)));
            if (dsn.recipient(recipient).isPresent()) {
                found.add(dsn);
            }
        }
        return found;
    }

    private static String words(Dsn dsn) throws Exception {
        return (String)
                ((MimeMultipart) dsn.message().getContent()).getBodyPart(0).getContent();
    }
}
