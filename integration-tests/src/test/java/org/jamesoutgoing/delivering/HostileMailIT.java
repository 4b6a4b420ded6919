/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.nothingIsLeft;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.dnsservice.api.InMemoryDNSService;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.jamesoutgoing.testing.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Queue;
import org.jamesoutgoing.testing.ReceivedMail;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.Stage;
import org.jamesoutgoing.testing.TestMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mail as nobody should write it is delivered or answered by a DSN, and then gone: never lost, never in an endless loop.
 * Whatever it is made of, what leaves is clean (guarantee 7 of mailets/README.md).
 */
class HostileMailIT {

    private static final String ALICE = "alice@james.test";
    private static final String HEADER = "From: <" + ALICE + ">\r\nSubject: hostile\r\n";

    /** A second mail, as it would follow an end of message that only a lax receiver sees. */
    private static final String SMUGGLED =
            "MAIL FROM:<evil@far.test>\r\nRCPT TO:<victim@data.test>\r\nDATA\r\nSubject: smuggled\r\n\r\n.\r\n";

    /** What stands here is one char for each octet. */
    enum Message {
        LONG_LINES(HEADER + "X-Long: " + "h".repeat(100_000) + "\r\n\r\n" + ("b".repeat(100_000) + "\r\n").repeat(3)),
        NULS(HEADER + "X-Nul: a\0b\r\n\r\na\0b\r\n\0.\0\r\n\0\0\r\n"),
        BARE_CR(HEADER + "\r\na\rb\r\n\r.\rc\r\r\n"),
        BARE_LF(HEADER.replace("\r", "") + "\na\nb\n.\n..\nc\n\n"),
        END_BY_BARE_LFS(HEADER + "\r\na\n.\n" + SMUGGLED),
        END_BY_LF_AND_CRLF(HEADER + "\r\na\n.\r\n" + SMUGGLED),
        END_BY_CRLF_AND_LF(HEADER + "\r\na\r\n.\n" + SMUGGLED),
        END_BY_BARE_CRS(HEADER + "\r\na\r.\r" + SMUGGLED),
        END_WITH_A_NUL(HEADER + "\r\na\r\n\0.\r\n" + SMUGGLED),
        LONE_DOTS(HEADER + "\r\n.\r\n..\r\n...\r\n.a\r\na.\r\n.\r\n"),
        EIGHT_BIT_HEADERS(HEADER + "X-Octets: \u00e4\u00ff\u0080\r\nX-\u00e4: b\r\n\r\n\u00e4\u00ff\r\n"),
        EMPTY(""),
        ONLY_A_LINE_END("\r\n"),
        ONLY_HEADERS(HEADER),
        ONLY_A_BODY("\r\nbody\r\n"),
        NO_HEADERS("neither header nor body"),
        NO_LAST_LINE_END(HEADER + "\r\nend"),
        ENDLESS_MULTIPART(
                HEADER + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n--\r\n"),
        UNKNOWN_CHARSET(HEADER
                + "Content-Type: text/plain; charset=\"\0?\"\r\nContent-Transfer-Encoding: no\r\n\r\n\u00e4\r\n"),
        NOISE(HEADER + "\r\n" + noise());

        private final String text;

        Message(String text) {
            this.text = text;
        }

        private static String noise() {
            Random random = new Random(1);
            return random.ints(60_000, 0, 12)
                    .mapToObj(i -> String.valueOf("\r\r\n\n\r\n..\0a\u00e4 ".charAt(i)))
                    .collect(Collectors.joining());
        }
    }

    @Nested
    class OnTheMemoryQueue extends Hostile {
        OnTheMemoryQueue() {
            super(Queue.MEMORY);
        }
    }

    @Nested
    class OnActiveMq extends Hostile {
        OnActiveMq() {
            super(Queue.ACTIVEMQ);
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Hostile {

        private static final Pattern BARE_CR_OR_LF = Pattern.compile("\r(?!\n)|(?<!\r)\n");

        private final Queue queue;
        private ReceivingServer data;
        private ReceivingServer chunking;
        private ReceivingServer sevenBit;
        private JamesServer james;
        private int mails;

        Hostile(Queue queue) {
            this.queue = queue;
        }

        @BeforeAll
        void start() throws Exception {
            data = ReceivingServer.start("127.0.6.1", 0);
            int port = data.port();
            chunking = ReceivingServer.start("127.0.6.2", port);
            chunking.offer("PIPELINING", "8BITMIME", "CHUNKING");
            sevenBit = ReceivingServer.start("127.0.6.3", port);
            sevenBit.offer("PIPELINING");
            InMemoryDNSService dns = new InMemoryDNSService()
                    .registerMxRecord("127.0.0.0", "127.0.0.0")
                    .registerMxRecord("255.0.0.0", "255.0.0.0")
                    .registerMxRecord("127.0.0.1", "127.0.0.1")
                    .registerMxRecord("data.test", data.address())
                    .registerMxRecord("chunking.test", chunking.address())
                    .registerMxRecord("sevenbit.test", sevenBit.address());
            JamesSetup setup = JamesSetup.james()
                    .queue(queue)
                    .user(ALICE, "secret")
                    .outgoing(
                            "<port>" + port
                                    + "</port><localExchangers>true</localExchangers><resendDelays>1s</resendDelays><queueLifetime>10s</queueLifetime>");
            james = JamesServer.start(setup, JamesServer.dns(dns));
        }

        @AfterAll
        void stop() throws Exception {
            james.close();
            data.close();
            chunking.close();
            sevenBit.close();
        }

        /** Past James's SMTP server, which refuses some of this, into one of its queues. */
        private void put(String queueName, String sender, String text, String... recipients) throws Exception {
            MailImpl mail = mail(sender, text, recipients);
            try {
                james.queue(queueName).enQueue(mail);
            } finally {
                LifecycleUtil.dispose(mail);
            }
        }

        private MailImpl mail(String sender, String text, String... recipients) throws Exception {
            List<MailAddress> addresses = new ArrayList<>();
            for (String recipient : recipients) {
                addresses.add(new MailAddress(recipient));
            }
            String name = "hostile" + ++mails;
            MimeMessageWrapper message = new MimeMessageWrapper(
                    MimeMessageInputStreamSource.create(name, new ByteArrayInputStream(text.getBytes(ISO_8859_1))));
            try {
                MailImpl mail = MailImpl.builder()
                        .name(name)
                        .sender(MaybeSender.getMailSender(sender))
                        .addRecipients(addresses)
                        .mimeMessage(message)
                        .build();
                mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
                return mail;
            } finally {
                LifecycleUtil.dispose(message); // the mail has its own copy
            }
        }

        /** Exactly one of: delivered once, told in one DSN. */
        private void deliveredOrAnswered(ReceivingServer host, String recipient) {
            soon().untilAsserted(() -> assertThat(host.mailsTo(recipient).size()
                            + Dsn.about(recipient, james, ALICE).size())
                    .as("%s: copies and DSNs", recipient)
                    .isEqualTo(1));
        }

        private static ReceivedMail only(ReceivingServer host, String recipient) {
            soon().untilAsserted(() -> assertThat(host.mailsTo(recipient)).hasSize(1));
            return host.mailsTo(recipient).get(0);
        }

        @ParameterizedTest
        @EnumSource(Message.class)
        void aHostileMessageArrivesCleanOrIsAnswered(Message message) throws Exception { // RFC 5321 §2.3.8, §4.5.2
            String user = message.name().toLowerCase(Locale.ROOT);

            put("spool", ALICE, message.text, user + "@data.test", user + "@chunking.test", user + "@sevenbit.test");

            ReceivedMail plain = only(data, user + "@data.test");
            ReceivedMail chunked = only(chunking, user + "@chunking.test");
            deliveredOrAnswered(sevenBit, user + "@sevenbit.test");
            nothingIsLeft(james, "outgoing");
            for (ReceivedMail mail : List.of(plain, chunked)) {
                String wire = new String(mail.wire(), ISO_8859_1);
                assertThat(BARE_CR_OR_LF.matcher(wire).find())
                        .as("bare CR or LF")
                        .isFalse();
                assertThat(wire.indexOf('\0')).as("NUL").isNegative();
                assertThat(wire.isEmpty() || wire.endsWith("\r\n"))
                        .as("whole lines")
                        .isTrue();
                // RFC 5321 §4.5.3.1.6
                assertThat(mail.text().split("\r\n", -1))
                        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
            }
            // Dots are doubled for DATA and only there, so that both receivers end up with the same octets.
            assertThat(Arrays.equals(plain.content(), chunked.content()))
                    .as("the same message")
                    .isTrue();
            assertThat(new String(chunked.wire(), ISO_8859_1)).isEqualTo(chunked.text());
            assertThat(unfolded(plain.text())).contains(unfolded(body(message)));
            assertThat(sevenBit.mailsTo(user + "@sevenbit.test"))
                    .allMatch(mail -> mail.text().chars().allMatch(octet -> octet < 128));
            assertThat(data.mailsTo("victim@data.test")).isEmpty();
            assertThat(data.mails().stream().filter(mail -> mail.sender().contains("evil")))
                    .as("smuggled")
                    .isEmpty();
        }

        /** RFC 5322 §2.3: a lone CR or LF means a line end; NULs mean nothing. */
        private static String body(Message message) {
            String text = message.text.replace("\0", "").replaceAll("\r\n|\r|\n", "\r\n");
            int end = text.indexOf("\r\n\r\n");
            return end < 0 ? "" : text.substring(end + 4);
        }

        /** A line that is too long is broken by CRLF and a space. */
        private static String unfolded(String text) {
            return text.replace("\r\n ", "");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"a b\"",
                    "\"a@b\"",
                    "\"a,b\"",
                    "\"a\\\"b\"",
                    "\"a\\\\b\"",
                    "\".\"",
                    "\"a<b\"",
                    "a/b=c",
                    "-a"
                })
        void aStrangeLocalPartReachesTheHostAsItIs(String localPart) throws Exception { // RFC 5321 §4.1.2
            String recipient = localPart + "@data.test";
            data.answer(Stage.RCPT, recipient, Answer.reply("450 4.2.1 not now"), 1);

            // James's own rewriting of recipients stumbles over some of these.
            put("outgoing", ALICE, HEADER + "\r\n", recipient, "sibling@data.test");

            assertThat(only(data, recipient).recipients()).containsExactly(recipient);
            nothingIsLeft(james, "outgoing");
        }

        /** James's ActiveMQ queue separates recipients by semicolons and loses those with one in them. */
        @Test
        void aRecipientThatTheQueueCannotWriteDownIsKeptInTheServicesOwnRecord() throws Exception {
            String recipient = "\"a;b\"@data.test";
            data.answer(Stage.RCPT, recipient, Answer.reply("450 4.2.1 not now"), 1);
            long now = System.currentTimeMillis();
            MailImpl mail = mail(ALICE, HEADER + "\r\n", recipient, "sibling@data.test");
            mail.setAttribute(new Attribute(
                    AttributeName.of("outgoing-state"),
                    AttributeValue.of(
                            """
                            {"id": "semicolon", "seq": 0, "name": "semicolon", "accepted": %d, "due": %d,
                             "recipients": ["\\"a;b\\"@data.test", "sibling@data.test"]}"""
                                    .formatted(now, now))));
            try {
                james.queue("outgoing").enQueue(mail);
            } finally {
                LifecycleUtil.dispose(mail);
            }

            only(data, recipient);
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void anAddressThatNoHostCanTakeIsAnswered() throws Exception { // RFC 6531 §3.2: it would need SMTPUTF8
            int before = james.inbox(ALICE).size();

            put("spool", ALICE, HEADER + "\r\n", "\"\u00fc\"@data.test", "neighbour@data.test");

            only(data, "neighbour@data.test");
            soon().untilAsserted(() -> assertThat(james.inbox(ALICE)).hasSize(before + 1));
            nothingIsLeft(james, "outgoing");
            Dsn dsn = Dsn.of(james.inbox(ALICE).get(before));
            assertThat(dsn.all("status").get(0)).startsWith("5.");
            assertThat(dsn.all("final-recipient").get(0)).startsWith("utf-8;");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "nodot",
                    "0.0.0.0",
                    "255.255.255.255",
                    "xn--zzzzzzzzzz99.test",
                    "a--b.test",
                    "nowhere.data.test",
                    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123.test"
                })
        void aDomainThatCannotBeIsAnswered(String domain) throws Exception { // RFC 3463 §3.2
            String recipient = "bob@" + domain;

            put("spool", ALICE, HEADER + "\r\n", recipient);

            // RFC 5321 §4.1.3: an address literal has brackets; James takes them off.
            String told = domain.matches("[0-9.]+") ? "bob@[" + domain + "]" : recipient;
            soon().untilAsserted(() -> assertThat(Dsn.about(told, james, ALICE)).hasSize(1));
            assertThat(Dsn.about(told, james, ALICE).get(0).all("status").get(0))
                    .startsWith("5.");
            nothingIsLeft(james, "outgoing");
        }

        @ParameterizedTest
        @ValueSource(strings = {"spool", "outgoing"})
        void aMailWithoutRecipientsIsGone(String queueName) throws Exception {
            put(queueName, ALICE, HEADER + "\r\nto nobody\r\n");
            put(queueName, ALICE, HEADER + "\r\nto somebody\r\n", "behind-" + queueName + "@data.test");

            only(data, "behind-" + queueName + "@data.test");
            nothingIsLeft(james, "outgoing");
            assertThat(data.mails().stream().filter(mail -> mail.text().contains("to nobody")))
                    .isEmpty();
        }

        @Test
        void aFailureOfMailFromTheNullSenderIsNotTold() throws Exception { // RFC 5321 §6.1
            data.answer(Stage.RCPT, "refused@", Answer.reply("550 5.1.1 no"));
            int before = james.inbox(ALICE).size();

            put("spool", "", HEADER + "\r\n", "refused@data.test", "taken@data.test", "bob@does-not-exist.test");

            only(data, "taken@data.test");
            nothingIsLeft(james, "outgoing");
            assertThat(james.inbox(ALICE)).hasSize(before);
            assertThat(data.mailsTo("refused@data.test")).isEmpty();
        }

        @Test
        void aMailThatHasPassedManyServersGoesOut() throws Exception { // RFC 5321 §6.3: not before about 100
            put("spool", ALICE, "Received: by x\r\n".repeat(40) + HEADER + "\r\n", "far@data.test");

            only(data, "far@data.test");
            nothingIsLeft(james, "outgoing");
        }

        @Test
        void aMailThatGoesRoundInCirclesIsAnswered() throws Exception { // RFC 5321 §6.3
            put("spool", ALICE, "Received: by x\r\n".repeat(101) + HEADER + "\r\n", "round@data.test");

            soon().untilAsserted(() ->
                    assertThat(Dsn.about("round@data.test", james, ALICE)).hasSize(1));
            assertThat(Dsn.about("round@data.test", james, ALICE).get(0).all("status"))
                    .containsExactly("5.4.6");
            nothingIsLeft(james, "outgoing");
            assertThat(data.mailsTo("round@data.test")).isEmpty();
        }

        @Test
        void ofAThousandRecipientsEachGetsTheMailOnceOrIsInTheOneDsn() throws Exception { // RFC 5321 §4.5.3.1.8
            List<String> recipients = IntStream.range(0, 1000)
                    .mapToObj(i -> (i % 10 == 0 ? "no" : i % 10 == 1 ? "not-yet" : "yes") + i + "@data.test")
                    .toList();
            data.answer(
                    Stage.RCPT,
                    argument -> argument.matches("(?i)TO:<no\\d+@.*"),
                    Answer.reply("550 5.1.1 no"),
                    Integer.MAX_VALUE);
            data.answer(
                    Stage.RCPT, argument -> argument.startsWith("TO:<not-yet"), Answer.reply("450 4.2.1 not yet"), 100);
            try (SmtpSender smtp = james.smtp()) {
                smtp.send(ALICE, recipients, TestMessage.text(ALICE, "to a thousand", "Hello.\r\n"));
            }

            soon().untilAsserted(() ->
                    assertThat(data.mailsTo("not-yet991@data.test")).hasSize(1));
            nothingIsLeft(james, "outgoing");
            List<ReceivedMail> taken = data.mails().stream()
                    .filter(mail -> mail.header("Subject").equals("to a thousand"))
                    .toList();
            assertThat(taken.stream().flatMap(mail -> mail.recipients().stream()))
                    .containsExactlyInAnyOrderElementsOf(recipients.stream()
                            .filter(recipient -> !recipient.matches("no\\d.*"))
                            .toList());
            assertThat(taken).allSatisfy(mail -> assertThat(mail.recipients()).hasSizeLessThanOrEqualTo(100));
            List<Dsn> dsns = Dsn.about("no500@data.test", james, ALICE);
            assertThat(dsns).hasSize(1);
            assertThat(dsns.get(0).recipients()).hasSize(100);
        }
    }
}
