/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.Envelope.Notify;
import org.jamesoutgoing.smtp.Envelope.Recipient;
import org.jamesoutgoing.smtp.Envelope.Ret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Envelope and message on the wire: parameters, what the host cannot take, what must not leave. */
class EnvelopeOnTheWireTest {

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HostResult deliver(Envelope envelope, MessageContent content) {
        return await(client.deliver(server.host(), settings(), envelope, content));
    }

    private HostResult deliver(Envelope envelope) {
        return deliver(envelope, message());
    }

    private static Envelope envelope(String sender, Recipient... recipients) {
        return new Envelope(sender, List.of(recipients), false, Optional.empty(), Optional.empty());
    }

    private static String summary(RecipientResult result) {
        return result.outcome() + " " + result.stage();
    }

    /** The host offers this from now on, and the client has no connection that was made before. */
    private void goOnWith(String capabilities) {
        server.capabilities(capabilities).dropConnections();
        Awaitility.await()
                .atMost(Mails.PATIENCE)
                .until(() -> client.statistics().open() == 0);
    }

    @Test
    void dsnParametersGoToAHostThatOffersDsn() { // RFC 3461 §4
        Envelope envelope = new Envelope(
                "",
                List.of(
                        new Recipient(
                                "a@x.test",
                                EnumSet.of(Notify.DELAY, Notify.SUCCESS),
                                Optional.of("rfc822;user+2Btag@x.test")),
                        new Recipient("b@x.test", Set.of(Notify.NEVER), Optional.empty()),
                        Recipient.of("c@x.test")),
                false,
                Optional.of("QQ314159"),
                Optional.of(Ret.HDRS));

        assertThat(deliver(envelope).dsnOffered()).isTrue();
        assertThat(server.commands("MAIL")).containsExactly("MAIL FROM:<> SIZE=25 RET=HDRS ENVID=QQ314159");
        assertThat(server.commands("RCPT"))
                .containsExactly(
                        "RCPT TO:<a@x.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;user+2Btag@x.test",
                        "RCPT TO:<b@x.test> NOTIFY=NEVER",
                        "RCPT TO:<c@x.test>");
    }

    @Test
    void andToNoOther() {
        server.capabilities("PIPELINING");
        Envelope envelope = new Envelope(
                "s@x.test",
                List.of(new Recipient("a@x.test", Set.of(Notify.NEVER), Optional.of("rfc822;a@x.test"))),
                false,
                Optional.of("id"),
                Optional.of(Ret.FULL));

        assertThat(deliver(envelope).dsnOffered()).isFalse();
        assertThat(server.commands("MAIL")).containsExactly("MAIL FROM:<s@x.test>");
        assertThat(server.commands("RCPT")).containsExactly("RCPT TO:<a@x.test>");
    }

    @Test
    void aPriorityGoesToAHostThatOffersIt() { // RFC 6710 §4.1
        Envelope envelope = Changed.of(Envelope.of("s@x.test", "a@x.test"), "mtPriority", -9);
        deliver(envelope);
        goOnWith("MT-PRIORITY MIXER");
        deliver(envelope);
        deliver(Envelope.of("s@x.test", "a@x.test"));
        assertThat(server.commands("MAIL"))
                .containsExactly(
                        "MAIL FROM:<s@x.test> SIZE=25", "MAIL FROM:<s@x.test> MT-PRIORITY=-9", "MAIL FROM:<s@x.test>");
    }

    @Test
    void aMessageOverTheHostsLimitIsNotOffered() { // RFC 1870 §6
        server.capabilities("SIZE 1000");
        HostResult result = deliver(Envelope.of("s@x.test", "a@x.test"), message(Mails.longText(1001)));
        assertThat(summary(result.recipients().get(0))).isEqualTo("UNSUITABLE MAIL");
        assertThat(result.recipients().get(0).status()).contains("5.3.4"); // RFC 3463 §3.4
        assertThat(result.connected()).isTrue();
        assertThat(server.commands("MAIL")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "SIZE 0", "SIZE x"}) // RFC 1870 §4: no limit
    void noLimitIsNoLimit(String keyword) {
        server.capabilities(keyword);
        HostResult result = deliver(Envelope.of("s@x.test", "a@x.test"), message(Mails.longText(100_000)));
        assertThat(result.recipients()).allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
    }

    @Test
    void eightBitNeeds8bitmimeOrAConversion() throws IOException { // RFC 6152 §3
        MessageContent eightBit = message("Subject: x\r\n\r\ngr\u00fc\u00df\r\n", true);
        Envelope envelope = Envelope.of("s@x.test", "a@x.test");

        deliver(envelope, eightBit);
        assertThat(server.commands("MAIL")).allMatch(line -> line.contains(" BODY=8BITMIME"));

        goOnWith("PIPELINING");
        RecipientResult refused = deliver(envelope, eightBit).recipients().get(0);
        assertThat(summary(refused)).isEqualTo("UNSUITABLE MAIL");
        assertThat(refused.status()).contains("5.6.3"); // RFC 3463 §3.7

        MessageContent convertible = new MessageContent() {
            @Override
            public long size() {
                return -1;
            }

            @Override
            public boolean eightBit() {
                return true;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("the original is not for this host");
            }

            @Override
            public Optional<MessageContent> asSevenBit() {
                return Optional.of(message("Subject: x\r\n\r\ngr=FC=DF\r\n"));
            }
        };
        assertThat(summary(deliver(envelope, convertible).recipients().get(0))).isEqualTo("ACCEPTED END_OF_DATA");
        assertThat(server.mails.get(1).body()).isEqualTo("Subject: x\r\n\r\ngr=FC=DF\r\n");
        assertThat(server.commands("MAIL").get(1)).doesNotContain("BODY");
    }

    @Test
    void smtputf8NeedsTheOfferAndIsNeverDropped() { // RFC 6531 §3.1
        Envelope envelope = new Envelope(
                "gr\u00fc\u00df@x.test",
                List.of(Recipient.of("\u7528\u6237@x.test")),
                true,
                Optional.empty(),
                Optional.empty());
        assertThat(summary(deliver(envelope).recipients().get(0))).isEqualTo("ACCEPTED END_OF_DATA");
        assertThat(server.commands("MAIL").get(0))
                .isEqualTo(utf8("MAIL FROM:<gr\u00fc\u00df@x.test> SIZE=25 SMTPUTF8"));
        assertThat(server.commands("RCPT").get(0)).isEqualTo(utf8("RCPT TO:<\u7528\u6237@x.test>"));

        goOnWith("8BITMIME");
        RecipientResult address = deliver(envelope).recipients().get(0);
        assertThat(summary(address)).isEqualTo("UNSUITABLE MAIL");
        assertThat(address.status()).contains("5.6.7"); // RFC 6531 §3.5

        Envelope forItsHeader = new Envelope(
                "s@xn--bcher-kva.test",
                List.of(Recipient.of("a@xn--bcher-kva.test")),
                true,
                Optional.empty(),
                Optional.empty());
        RecipientResult header = deliver(forItsHeader).recipients().get(0);
        assertThat(summary(header)).isEqualTo("UNSUITABLE MAIL");
        assertThat(header.status()).contains("5.6.9");
    }

    @Test
    void smtputf8IsNotSaidWhenNoAddressNeedsIt() { // RFC 6531 §3.1: A-labels are ASCII
        deliver(Envelope.of("s@xn--bcher-kva.test", "a@xn--bcher-kva.test"));
        assertThat(server.commands("MAIL")).noneMatch(line -> line.contains("SMTPUTF8"));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a@x.test\r\nRCPT TO:<evil@x.test>",
                "a@x.test\nDATA",
                "a@x.test\r",
                "a\0@x.test",
                "a@x.test> NOTIFY=NEVER <",
                "a b@x.test",
                "\"a@x.test",
                "a\u0085@x.test",
                "\u00fc@x.test"
            })
    void whatCouldBeACommandFailsAlone(String address) {
        HostResult result = deliver(Envelope.of("s@x.test", "good@x.test", address, "too@x.test"));
        assertThat(result.recipients().stream().map(EnvelopeOnTheWireTest::summary))
                .containsExactly("ACCEPTED END_OF_DATA", "FAILED LOCAL", "ACCEPTED END_OF_DATA");
        assertThat(server.commands("RCPT")).containsExactly("RCPT TO:<good@x.test>", "RCPT TO:<too@x.test>");
        assertThat(result.recipients()).noneMatch(r -> r.detail().matches("(?s).*[\r\n\0].*"));
        assertThat(result.recipients().get(1).status()).contains("5.1.3"); // RFC 3463 §3.2
    }

    @Test
    void anOverlongAddressFailsAlone() {
        HostResult result = deliver(Envelope.of("s@x.test", "good@x.test", "a".repeat(400) + "@x.test"));
        assertThat(result.recipients().stream().map(EnvelopeOnTheWireTest::summary))
                .containsExactly("ACCEPTED END_OF_DATA", "FAILED LOCAL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a b\"@x.test", "\"a>b\"@x.test", "\"a\\\"b\"@x.test", "postmaster", "a@[IPv6:::1]"})
    void oddButLegalAddressesGoOut(String address) {
        assertThat(deliver(Envelope.of("s@x.test", address)).recipients())
                .allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
        assertThat(server.commands("RCPT")).containsExactly("RCPT TO:<" + address + ">");
    }

    @Test
    void aSenderOrParameterThatCouldBeACommandTouchesNoHost() {
        Recipient good = Recipient.of("a@x.test");
        Recipient evil = new Recipient("b@x.test", Set.of(), Optional.of("rfc822;b@x.test\r\nRSET"));
        RecipientResult badSender =
                deliver(envelope("s@x.test\r\nRSET", good)).recipients().get(0);
        assertThat(summary(badSender)).isEqualTo("FAILED LOCAL");
        assertThat(badSender.status()).contains("5.1.7"); // RFC 3463 §3.2
        assertThat(badSender.detail()).startsWith("the sender's address");
        assertThat(summary(deliver(new Envelope(
                                "s@x.test", List.of(good), false, Optional.of("id\r\nRSET"), Optional.empty()))
                        .recipients()
                        .get(0)))
                .isEqualTo("FAILED LOCAL");
        assertThat(server.connections).hasValue(0);
        assertThat(deliver(envelope("s@x.test", good, evil)).recipients().stream()
                        .map(EnvelopeOnTheWireTest::summary))
                .containsExactly("ACCEPTED END_OF_DATA", "FAILED LOCAL");
        assertThat(server.commands).noneMatch(line -> line.equals("RSET"));
    }

    @Test
    void noRecipientsNoConnection() {
        assertThat(deliver(Envelope.of("s@x.test")).recipients()).isEmpty();
        assertThat(server.connections).hasValue(0);
    }

    /** Breaks off after some octets; 0: cannot be opened. */
    private static MessageContent broken(int after, long size) {
        return new MessageContent() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public boolean eightBit() {
                return false;
            }

            @Override
            public InputStream open() throws IOException {
                if (after == 0) {
                    throw new IOException("gone");
                }
                return new ByteArrayInputStream(Mails.longText(after).getBytes(ISO_8859_1)) {
                    @Override
                    public int readNBytes(byte[] b, int off, int len) {
                        if (available() < len) {
                            throw new IllegalStateException("broken");
                        }
                        return super.readNBytes(b, off, len);
                    }
                };
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIZE", "PIPELINING", "CHUNKING", "PIPELINING,CHUNKING"})
    void aSourceThatBreaksOffNeverLeavesHalfAMessage(String form) {
        server.capabilities(form.split(","));
        for (int after : new int[] {0, 100, 500_000}) {
            for (long size : new long[] {-1, 1000, 1_000_000}) {
                HostResult result = deliver(Envelope.of("s@x.test", "a@x.test"), broken(after, size));
                assertThat(summary(result.recipients().get(0))).isEqualTo("DEFERRED LOCAL");
            }
        }
        assertThat(server.mails).isEmpty();
        assertThat(deliver(Envelope.of("s@x.test", "a@x.test")).recipients())
                .allMatch(r -> r.outcome() == HostOutcome.ACCEPTED);
    }
}
