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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.Envelope.Notify;
import org.jamesoutgoing.smtp.Envelope.Recipient;
import org.jamesoutgoing.smtp.Envelope.Ret;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Postfix understands beyond bare SMTP, seen by what it makes of it. */
@NeedsPostfix
class PostfixExtensionsIT {

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
    }

    private HostResult send(PostfixServer postfix, Envelope envelope, String message) throws Exception {
        return Mails.send(client, postfix, plaintext(), envelope, message);
    }

    private static List<String> arrived(PostfixServer postfix, String recipient) throws Exception {
        await().atMost(Mails.PATIENCE)
                .untilAsserted(() ->
                        assertThat(postfix.mailsTo(recipient)).as(postfix.log()).isNotEmpty());
        return postfix.mailsTo(recipient);
    }

    /** Postfix counts the commands of each connection in its log. */
    private static void commandsOf(PostfixServer postfix, String... expected) {
        await().atMost(Mails.PATIENCE).untilAsserted(() -> assertThat(Pattern.compile("disconnect from .*")
                        .matcher(postfix.log())
                        .results())
                .last()
                .satisfies(line -> assertThat(line.group()).contains(expected)));
    }

    /** RFC 3030. */
    @Test
    void bdatWhereChunkingIsOffered() throws Exception {
        try (PostfixServer postfix = PostfixSetup.postfix().start()) {
            PeerContract.accepted(send(postfix, Envelope.of(SENDER, "chunks@example.org"), message("Chunks.\r\n")));
            client.close();

            commandsOf(postfix, " bdat=1 ", " mail=1 ", " rcpt=1 ");
            assertThat(postfix.log()).doesNotContain(" data=");
        }
    }

    @Test
    void dataWhereItIsNot() throws Exception {
        try (PostfixServer postfix = PostfixSetup.postfix().without("chunking").start()) {
            PeerContract.accepted(send(postfix, Envelope.of(SENDER, "dots@example.org"), message(".Dots.\r\n")));
            client.close();

            commandsOf(postfix, " data=1 ", " mail=1 ", " rcpt=1 ");
            assertThat(postfix.log()).doesNotContain(" bdat=");
            assertThat(arrived(postfix, "dots@example.org").get(0)).endsWith("\n\n.Dots.\n");
        }
    }

    @Test
    void lockStepWherePipeliningIsNotOffered() throws Exception {
        try (PostfixServer postfix =
                // With the second, Postfix refuses a client that talks before it is its turn.
                PostfixSetup.postfix()
                        .without("pipelining", "chunking")
                        .with("smtpd_data_restrictions", "reject_unauth_pipelining")
                        .start()) {
            PeerContract.accepted(
                    send(postfix, Envelope.of(SENDER, "one@example.org", "two@example.org"), message("Steps.\r\n")));

            assertThat(arrived(postfix, "two@example.org")).hasSize(1);
            assertThat(postfix.log()).doesNotContain("improper command pipelining");
        }
    }

    /** RFC 6531 §3.4: the address goes out as it is, in UTF-8. */
    @Test
    void addressesInUtf8WhereSmtputf8IsOffered() throws Exception {
        try (PostfixServer postfix =
                PostfixSetup.postfix().with("smtputf8_enable", "yes").start()) {
            Envelope envelope = new Envelope(
                    "søren@client.test",
                    List.of(Recipient.of("ü@example.org")),
                    true,
                    Optional.empty(),
                    Optional.empty());

            PeerContract.accepted(send(postfix, envelope, message("Grüße.\r\n")));

            String stored = arrived(postfix, latin1("ü@example.org")).get(0);
            assertThat(stored).contains("Return-Path: <" + latin1("søren@client.test") + ">");
            assertThat(stored).contains("with UTF8SMTP");
        }
    }

    /** One char for each octet of the text's UTF-8 form, as what Postfix keeps is read. */
    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** RFC 6531 §3.5. */
    @Test
    void mailThatNeedsSmtputf8IsNotSentWhereItIsNotOffered() throws Exception {
        try (PostfixServer postfix = PostfixSetup.postfix().start()) {
            Envelope envelope = new Envelope(
                    SENDER, List.of(Recipient.of("ü@example.org")), true, Optional.empty(), Optional.empty());

            HostResult result = send(postfix, envelope, message("Hello.\r\n"));

            assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.UNSUITABLE);
            assertThat(postfix.allMails()).isEmpty();
        }
    }

    /** RFC 6152 §3. */
    @Test
    void eightBitMailIsAnnounced() throws Exception {
        try (PostfixServer postfix = PostfixSetup.postfix()
                .with("debug_peer_list", "127.0.0.1")
                .with("debug_peer_level", "1")
                .start()) {
            PeerContract.accepted(send(postfix, Envelope.of(SENDER, "eight@example.org"), message("\u00e4\r\n")));
            PeerContract.accepted(send(postfix, Envelope.of(SENDER, "seven@example.org"), message("a\r\n")));

            assertThat(arrived(postfix, "eight@example.org").get(0)).endsWith("\n\n\u00e4\n");
            assertThat(arrived(postfix, "seven@example.org").get(0)).endsWith("\n\na\n");
            assertThat(Pattern.compile("< .*MAIL FROM:(.*)")
                            .matcher(postfix.log())
                            .results())
                    .extracting(command -> command.group(1).contains(" BODY=8BITMIME"))
                    .containsExactly(true, false);
        }
    }

    @Test
    void enhancedCodesAndTextOfARefusalAreKept() throws Exception {
        try (PostfixServer postfix = PostfixServer.start()) {
            postfix.answer("gone@example.org", "550 5.1.6 moved to the country");
            postfix.answer("later@example.org", "451 4.7.1 greylisted");

            HostResult result =
                    send(postfix, Envelope.of(SENDER, "gone@example.org", "later@example.org"), message("Hello.\r\n"));

            assertThat(result.recipients().get(0).outcome()).isEqualTo(HostOutcome.FAILED);
            assertThat(result.recipients().get(0).reply().orElseThrow().enhancedCode())
                    .contains("5.1.6");
            assertThat(result.recipients().get(0).detail()).contains("moved to the country");
            assertThat(result.recipients().get(1).outcome()).isEqualTo(HostOutcome.DEFERRED);
            assertThat(result.recipients().get(1).reply().orElseThrow().enhancedCode())
                    .contains("4.7.1");
        }
    }

    /** RFC 3461 §4: seen in the DSN that Postfix writes for a mail that it delivers. */
    @Test
    void notifySuccessOrcptAndEnvidArrive() throws Exception {
        try (PostfixServer postfix = PostfixServer.start()) {
            Envelope envelope = new Envelope(
                    SENDER,
                    List.of(
                            new Recipient(
                                    "told@example.org",
                                    Set.of(Notify.SUCCESS, Notify.FAILURE),
                                    Optional.of("rfc822;old+2Baddress@example.net")),
                            new Recipient("silent@example.org", Set.of(Notify.NEVER), Optional.empty())),
                    false,
                    Optional.of("envelope+2B1"),
                    Optional.of(Ret.HDRS));

            HostResult result = send(postfix, envelope, message("Hello.\r\n"));

            PeerContract.accepted(result);
            assertThat(result.dsnOffered()).isTrue();
            String dsn = arrived(postfix, SENDER).get(0);
            assertThat(dsn)
                    .contains("Original-Envelope-Id: envelope+1")
                    .contains("Original-Recipient: rfc822;old+address@example.net")
                    .contains("Final-Recipient: rfc822; told@example.org")
                    .contains("Action: delivered")
                    .doesNotContain("silent@example.org");
            assertThat(arrived(postfix, "silent@example.org")).hasSize(1);
        }
    }

    /** RFC 3461 §4.3 and §4.1, seen in the DSN of a recipient that Postfix takes and cannot deliver to. */
    @Test
    void retAndNotifyNeverArrive() throws Exception {
        try (PostfixServer postfix = PostfixSetup.postfix()
                .with("virtual_transport", "undeliverable")
                .with(
                        "transport_maps",
                        "inline:{ { full@client.test = virtual }, { headers@client.test = virtual },"
                                + " { never@client.test = virtual } }")
                .start()) {
            for (String sender : List.of("full", "headers", "never")) {
                Envelope envelope = new Envelope(
                        sender + "@client.test",
                        List.of(new Recipient(
                                "bob@example.org",
                                sender.equals("never") ? Set.of(Notify.NEVER) : Set.of(Notify.FAILURE),
                                Optional.empty())),
                        false,
                        Optional.empty(),
                        Optional.of(sender.equals("full") ? Ret.FULL : Ret.HDRS));
                PeerContract.accepted(send(postfix, envelope, message("The body itself.\r\n")));
            }

            assertThat(arrived(postfix, "full@client.test").get(0)).contains("Subject: test", "The body itself.");
            assertThat(arrived(postfix, "headers@client.test").get(0))
                    .contains("Subject: test")
                    .doesNotContain("The body itself.");
            await().atMost(Mails.PATIENCE)
                    .untilAsserted(() -> assertThat(Pattern.compile("to=<bob@example.org>.*status=bounced")
                                    .matcher(postfix.log())
                                    .results())
                            .hasSize(3));
            assertThat(postfix.mailsTo("never@client.test")).isEmpty();
        }
    }
}
