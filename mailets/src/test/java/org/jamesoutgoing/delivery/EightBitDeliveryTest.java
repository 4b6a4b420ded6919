/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.queue.MailPriorities;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.RouteMode;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RoutingTable;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.ClosedPort;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** 8-bit mail, hosts that take it and hosts that do not: RFC 6152 §3. A real client, servers on loopback. */
class EightBitDeliveryTest {

    private static final String PLAIN =
            """
            Subject: x
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Viele Grüße aus Köln, und noch ein paar Wörter.
            """;

    private static final String NOT_CONVERTIBLE = "Message-ID: <ü@here.example>\nSubject: x\n\nx\n";

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(MailContent.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        client.close();
    }

    private RecipientReport deliver(String message, String recipient, SmtpHost... hosts) throws Exception {
        MimeMessage mime = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(message.replace("\n", "\r\n").getBytes(UTF_8)));
        Mail mail = MailImpl.builder()
                .name("mail-of-this-test")
                .sender("sender@here.example")
                .addRecipient(new MailAddress(recipient))
                .mimeMessage(mime)
                .build();
        MovableClock clock = new MovableClock();
        MailState state = MailState.admitted("id", mail.getName(), clock.instant(), mail.getRecipients());
        ActiveMail active = new ActiveMail(mail, state, null, true);
        Route route = Route.of(
                RouteName.DEFAULT.text(),
                new RouteMode.Independent(25, false),
                Changed.of(ConnectionSettings.defaults("here.example"), "tls", TlsSettings.of(TlsMode.NONE)));
        active.destination = new RoutingTable(any -> route).destinationOf("there.example");
        active.towards = new Resolution.Towards(new NextHop("key", "next hop"), List.of(hosts));
        try {
            return new Attempt(
                            active,
                            Transport.of(client),
                            MailPriorities.ofThisJames(false),
                            Duration.ofMinutes(1),
                            Runnable::run,
                            clock)
                    .start()
                    .get(1, TimeUnit.MINUTES)
                    .outcomes()
                    .get(0);
        } finally {
            active.dispose();
        }
    }

    private RecipientReport deliver(String message, SmtpHost... hosts) throws Exception {
        return deliver(message, "r@there.example", hosts);
    }

    private List<String> logged() {
        return log.list.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aHostWith8BitMimeGetsTheMailAsItIs() throws Exception {
        try (SmtpSink sink = new SmtpSink("8BITMIME", "SIZE")) {
            assertThat(deliver(PLAIN, sink.host("mx")).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(sink.messages.get(0).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isEqualTo(PLAIN.replace("\n", "\r\n").getBytes(UTF_8));
            assertThat(sink.commands).anyMatch(line -> line.startsWith("MAIL") && line.contains(" BODY=8BITMIME"));
        }
    }

    @Test
    void aHostWithoutGetsItConverted() throws Exception {
        try (SmtpSink sink = new SmtpSink("SIZE")) {
            assertThat(deliver(PLAIN, sink.host("mx")).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(sink.messages.get(0))
                    .contains("Content-Transfer-Encoding: quoted-printable\r\n")
                    .endsWith("\r\n\r\nViele Gr=C3=BC=C3=9Fe aus K=C3=B6ln, und noch ein paar W=C3=B6rter.\r\n");
            assertThat(sink.commands).noneMatch(line -> line.contains("BODY="));
            assertThat(logged()).isEmpty();
        }
    }

    @Test
    void sizeIsThatOfTheConvertedMail() throws Exception { // RFC 1870 §6
        try (SmtpSink sink = new SmtpSink("SIZE")) {
            deliver(PLAIN, sink.host("mx"));
            assertThat(sink.commands)
                    .anyMatch(line ->
                            line.endsWith(" SIZE=" + sink.messages.get(0).length()));
        }
    }

    @Test
    void whatDoesNotFitWhenItIsConvertedIsNotOffered() throws Exception { // RFC 1870 §6
        String longText = PLAIN + "ü und ein paar Worte\n".repeat(200);
        int octets = longText.replace("\n", "\r\n").getBytes(UTF_8).length;
        try (SmtpSink sink = new SmtpSink("SIZE " + (octets + 10))) {
            RecipientReport outcome = deliver(longText, sink.host("mx"));
            assertThat(outcome.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(outcome.status()).isEqualTo("5.3.4");
            assertThat(sink.messages).isEmpty();
        }
    }

    @Test
    void aBrokenDkimSignatureIsToldInOneLine() throws Exception {
        try (SmtpSink sink = new SmtpSink("SIZE");
                SmtpSink other = new SmtpSink("SIZE 10")) {
            deliver("DKIM-Signature: v=1; d=here.example\n" + PLAIN, other.host("small"), sink.host("mx"));
            assertThat(sink.messages).hasSize(1);
            assertThat(logged())
                    .containsExactly("mail=mail-of-this-test is converted for a host without 8BITMIME;"
                            + " its DKIM signature does not survive (RFC 6152)");
        }
    }

    @Test
    void aMailThatCannotBeConvertedIsOfferedToTheNextHost() throws Exception {
        try (SmtpSink old = new SmtpSink("SIZE");
                SmtpSink young = new SmtpSink("8BITMIME")) {
            assertThat(deliver(NOT_CONVERTIBLE, old.host("old"), young.host("young"))
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
            assertThat(young.messages).hasSize(1);
            assertThat(old.messages).isEmpty();
        }
    }

    @Test
    void andFailsIfThereIsNone() throws Exception { // RFC 3463 §3.7
        try (SmtpSink sink = new SmtpSink("SIZE")) {
            RecipientReport outcome = deliver(NOT_CONVERTIBLE, sink.host("one"), sink.host("two"));
            assertThat(outcome.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(outcome.status()).isEqualTo("5.6.3");
            assertThat(outcome.host()).contains("two[127.0.0.1]");
            assertThat(outcome.reply()).isEmpty();
            assertThat(logged())
                    .containsExactly("mail=mail-of-this-test cannot be converted to 7-bit: 8-bit octets in Message-ID");
        }
    }

    @Test
    void anAddressThatNeedsSmtpUtf8Fails567AndNoOther() throws Exception { // RFC 6531 §3.5
        try (SmtpSink sink = new SmtpSink("8BITMIME")) {
            assertThat(deliver("Subject: x\n\nx\n", "\"grüß\"@there.example", sink.host("mx"))
                            .status())
                    .isEqualTo("5.6.7");
            assertThat(deliver("Subject: x\n\nx\n", "r@xn--bcher-kva.example", sink.host("mx"))
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
            assertThat(sink.commands).noneMatch(line -> line.contains("SMTPUTF8"));
        }
        try (SmtpSink sink = new SmtpSink("8BITMIME", "SMTPUTF8")) {
            assertThat(deliver("Subject: x\n\nx\n", "\"grüß\"@there.example", sink.host("mx"))
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
            assertThat(sink.commands).anyMatch(line -> line.startsWith("MAIL") && line.endsWith(" SMTPUTF8"));
        }
    }

    @Test
    void aHostThatCannotBeReachedIsNamedButIsNoRemoteMta() throws Exception { // RFC 3464 §2.3.5
        RecipientReport outcome;
        try (ClosedPort closed = new ClosedPort()) {
            outcome = deliver(PLAIN, closed.host("gone.example"));
        }
        assertThat(outcome.outcome()).isEqualTo(Outcome.DEFERRED);
        assertThat(outcome.status()).isEqualTo("4.4.1");
        assertThat(outcome.host()).isEmpty();
        assertThat(outcome.asked()).contains("gone.example[127.0.0.1]");
        assertThat(outcome.reason()).startsWith("gone.example[127.0.0.1]: ");
        assertThat(outcome.remembered().host()).isEqualTo(Optional.empty());
    }

    @Test
    void troubleOfOurOwnIsNotTheHosts() throws Exception { // RFC 3463 §3.4
        try (SmtpSink sink = new SmtpSink("8BITMIME")) {
            RecipientReport outcome = deliver(PLAIN, "\"a\u0001b\"@there.example", sink.host("mx"));
            assertThat(outcome.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(outcome.status()).isEqualTo("5.1.3");
            assertThat(outcome.host()).isEmpty();
            assertThat(outcome.reason()).startsWith("the recipient's address");
        }
    }
}
