/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.jamesoutgoing.peers.Mails.SENDER;
import static org.jamesoutgoing.peers.Mails.message;
import static org.jamesoutgoing.peers.Mails.plaintext;
import static org.jamesoutgoing.peers.Mails.with;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.PoolSettings;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.jamesoutgoing.smtp.TransactionStage;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.PeerServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds with every real server, whatever it offers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PeerContract {

    /** Refused by every peer at {@code RCPT}. */
    static final String NOBODY = "nobody@example.org";

    static final int MAX_SIZE = 4 << 20;

    private static final TlsSettings REQUIRED = TlsSettings.of(TlsMode.REQUIRED);

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private Certificate certificate;
    private PeerServer peer;

    /** Offers STARTTLS with the certificate and announces {@link #MAX_SIZE}. */
    abstract PeerServer start(Certificate certificate) throws Exception;

    /** What the server logs when a client connects. */
    abstract Pattern connect();

    @BeforeAll
    void start() throws Exception {
        certificate = Certificate.forLocalhost();
        peer = start(certificate);
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        if (peer != null) {
            peer.close();
        }
    }

    HostResult send(ConnectionSettings settings, Envelope envelope, String message) throws Exception {
        return Mails.send(client, peer, settings, envelope, message);
    }

    PeerServer peer() {
        return peer;
    }

    static ConditionFactory soon() {
        return await().atMost(Mails.PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    /** The one copy that the server keeps for this recipient, line ends CRLF again. */
    String arrived(String recipient) {
        soon().untilAsserted(
                        () -> assertThat(peer.mailsTo(recipient)).as(peer.log()).hasSize(1));
        try {
            return peer.mailsTo(recipient).get(0).replace("\n", "\r\n");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing but the server's own fields before the message, and nothing behind it. */
    void arrivedUnchanged(String recipient, String message) {
        String arrived = arrived(recipient);
        if (!arrived.endsWith(message)) {
            assertThat(arrived).as("the last octets are those that were sent").endsWith(message);
        }
        assertThat(arrived.indexOf("\r\n\r\n"))
                .as("nothing but fields before them")
                .isGreaterThanOrEqualTo(arrived.length() - message.length());
    }

    static void accepted(HostResult result) {
        assertThat(result.recipients())
                .allSatisfy(
                        each -> assertThat(each.outcome()).as(each.toString()).isEqualTo(HostOutcome.ACCEPTED));
    }

    static Stream<Arguments> conversations() {
        return Stream.of(plaintext(), with(REQUIRED))
                .flatMap(settings -> Stream.of(
                        settings,
                        Changed.of(settings, "ignoredExtensions", Set.of("CHUNKING")),
                        Changed.of(settings, "ignoredExtensions", Set.of("CHUNKING", "PIPELINING")),
                        Changed.of(settings, "ignoredExtensions", Set.of("PIPELINING"))))
                .map(settings ->
                        Arguments.of(settings.tls().mode() + " without " + settings.ignoredExtensions(), settings));
    }

    private static String unique(String localPart, ConnectionSettings settings) {
        return localPart + Integer.toHexString(settings.identity().hashCode()) + "@example.org";
    }

    @Test
    void plaintextWhereTlsIsSwitchedOff() throws Exception {
        HostResult result = send(plaintext(), Envelope.of(SENDER, "plain@example.org"), message("Hello.\r\n"));

        accepted(result);
        assertThat(result.connected()).isTrue();
        assertThat(result.tls()).isEmpty();
        arrivedUnchanged("plain@example.org", message("Hello.\r\n"));
    }

    @Test
    void starttlsWhereItIsOffered() throws Exception {
        HostResult result = send(
                with(TlsSettings.opportunistic()),
                Envelope.of(SENDER, "opportunistic@example.org"),
                message("Hello.\r\n"));

        accepted(result);
        assertThat(result.tls()).get().asString().startsWith("TLSv1.3 ");
        arrivedUnchanged("opportunistic@example.org", message("Hello.\r\n"));
    }

    @Test
    void theRightCertificateIsVerified() throws Exception {
        TlsSettings verify = Changed.of(TlsSettings.of(TlsMode.VERIFY), "context", certificate.trustedContext());

        HostResult result = send(with(verify), Envelope.of(SENDER, "verified@example.org"), message("Hello.\r\n"));

        accepted(result);
        assertThat(result.tls()).isPresent();
        arrivedUnchanged("verified@example.org", message("Hello.\r\n"));
    }

    @Test
    void aCertificateThatNobodyTrustsGetsNoMailWhereItIsToBeVerified() throws Exception {
        HostResult result = send(
                with(TlsSettings.of(TlsMode.VERIFY)),
                Envelope.of(SENDER, "untrusted@example.org"),
                message("Hello.\r\n"));

        assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(result.recipients().get(0).stage()).isEqualTo(TransactionStage.TLS);
        assertThat(peer.mailsTo("untrusted@example.org")).isEmpty();
    }

    /** RFC 5321 §4.5.2; bodies of every kind, by every way a message can travel. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void messagesArriveOctetForOctet(String name, ConnectionSettings settings) throws Exception {
        List<String> bodies = List.of(
                "",
                ".\r\n",
                ".\r\n.\r\n..\r\n...\r\n.hello\r\n..hello\r\n",
                "\r\n\r\n.\r\n\r\n",
                "x".repeat(998) + "\r\n." + "y".repeat(900) + "\r\n",
                "8-bit \u00e4\u00f6\u00fc\u00ff\u0080\r\n",
                "From the start of a line\r\nReceived: no field\r\n\ttab and trailing space \r\n");
        for (int i = 0; i < bodies.size(); i++) {
            String recipient = unique("body" + i + ".", settings);
            accepted(send(settings, Envelope.of(SENDER, recipient), message(bodies.get(i))));
            arrivedUnchanged(recipient, message(bodies.get(i)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void messageOfTwoMegabytes(String name, ConnectionSettings settings) throws Exception {
        String line = ".0123456789 abcdefghijklmnopqrstuvwxyz\r\n";
        String message = message(line.repeat((2 << 20) / line.length()));
        String recipient = unique("large.", settings);

        accepted(send(settings, Envelope.of(SENDER, recipient), message));

        arrivedUnchanged(recipient, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void ofSeveralRecipientsOneIsRefused(String name, ConnectionSettings settings) throws Exception {
        String first = unique("first.", settings);
        String last = unique("last.", settings);

        HostResult result = send(settings, Envelope.of(SENDER, first, NOBODY, last), message("To three.\r\n"));

        assertThat(result.recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(HostOutcome.ACCEPTED, HostOutcome.FAILED, HostOutcome.ACCEPTED);
        RecipientResult refused = result.recipients().get(1);
        assertThat(refused.stage()).isEqualTo(TransactionStage.RCPT);
        assertThat(refused.reply().orElseThrow().code()).isEqualTo(550);
        arrivedUnchanged(first, message("To three.\r\n"));
        arrivedUnchanged(last, message("To three.\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void aMailAllOfWhoseRecipientsAreRefusedIsNotInTheNextOnesWay(String name, ConnectionSettings settings)
            throws Exception {
        String recipient = unique("next.", settings);

        HostResult refused = send(settings, Envelope.of(SENDER, NOBODY, NOBODY), message("To nobody.\r\n"));
        HostResult next = send(settings, Envelope.of(SENDER, recipient), message("To somebody.\r\n"));

        assertThat(refused.recipients())
                .extracting(RecipientResult::outcome)
                .containsExactly(HostOutcome.FAILED, HostOutcome.FAILED);
        accepted(next);
        arrivedUnchanged(recipient, message("To somebody.\r\n"));
    }

    /** RFC 1870 §6.1: the host said beforehand what it takes. */
    @Test
    void aMessageOverTheAnnouncedSizeIsNotSent() throws Exception {
        HostResult result =
                send(plaintext(), Envelope.of(SENDER, "huge@example.org"), message("x\r\n".repeat(MAX_SIZE / 3)));

        assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.UNSUITABLE);
        assertThat(peer.mailsTo("huge@example.org")).isEmpty();
    }

    /**
     * RFC 1870 §6.3: the size was an estimate, and the host finds out. Exim 4.96 then takes the next mails on the connection
     * without their bodies, if the large one came by BDAT.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void aMessageThatTurnsOutTooLargeIsRefusedForGoodAndCostsTheNextOnesNothing(
            String name, ConnectionSettings settings) throws Exception {
        String tooLarge = unique("grown.", settings);
        ConnectionSettings one =
                Changed.of(settings, "pool", Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1));
        CompletableFuture<HostResult> refused = client.deliver(
                Mails.localhost(peer),
                one,
                Envelope.of(SENDER, tooLarge),
                Mails.content(message("0123456789\r\n".repeat(MAX_SIZE / 11)), 1000));
        List<String> small = IntStream.range(0, 5)
                .mapToObj(i -> unique("small" + i + ".", settings))
                .toList();
        List<CompletableFuture<HostResult>> results = new ArrayList<>();
        for (String recipient : small) {
            results.add(client.deliver(
                    Mails.localhost(peer), one, Envelope.of(SENDER, recipient), Mails.content(message("small\r\n"))));
        }

        assertThat(refused.get().recipients().get(0).outcome())
                .as(refused.get().toString())
                .isEqualTo(HostOutcome.FAILED);
        assertThat(peer.mailsTo(tooLarge)).isEmpty();
        for (int i = 0; i < small.size(); i++) {
            accepted(results.get(i).get());
            // What was on its way behind the refused one may come twice, but it must come whole.
            String recipient = small.get(i);
            soon().untilAsserted(() -> assertThat(peer.mailsTo(recipient))
                    .anySatisfy(mail -> assertThat(mail).endsWith("\n\nsmall\n")));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void manyMailsShareOneConnection(String name, ConnectionSettings settings) throws Exception {
        long before = connections();
        ConnectionSettings one = Changed.of(
                settings,
                "heloName",
                "many.client.test",
                "pool",
                Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 1));
        List<String> recipients = IntStream.range(0, 50)
                .mapToObj(i -> unique("many" + i + ".", settings))
                .toList();
        List<CompletableFuture<HostResult>> results = new ArrayList<>();
        for (String recipient : recipients) {
            results.add(client.deliver(
                    Mails.localhost(peer),
                    one,
                    Envelope.of(SENDER, recipient),
                    Mails.content(message(".To " + recipient + "\r\n"))));
        }

        for (CompletableFuture<HostResult> result : results) {
            accepted(result.get());
        }
        for (String recipient : recipients) {
            arrivedUnchanged(recipient, message(".To " + recipient + "\r\n"));
        }
        assertThat(connections() - before).as(peer.log()).isEqualTo(1);
    }

    @Test
    void theNullSender() throws Exception {
        accepted(send(plaintext(), Envelope.of("", "bounces@example.org"), message("A DSN.\r\n")));

        assertThat(arrived("bounces@example.org")).doesNotContainPattern("(?i)return-path: <[^>]");
    }

    private long connections() {
        return connect().matcher(peer.log()).results().count();
    }
}
