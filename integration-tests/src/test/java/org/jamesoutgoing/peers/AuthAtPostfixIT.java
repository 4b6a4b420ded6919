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

import java.util.List;
import java.util.Locale;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.AuthMechanism;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Credentials;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostOutcome;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.RecipientResult;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.smtp.TlsMode;
import org.jamesoutgoing.smtp.TlsSettings;
import org.jamesoutgoing.smtp.TransactionStage;
import org.jamesoutgoing.testing.Certificate;
import org.jamesoutgoing.testing.NeedsSasl;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AUTH (RFC 4954) at Postfix relays with Cyrus SASL, which take no mail without it. */
@NeedsSasl
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthAtPostfixIT {

    private static final String USER = "james";
    private static final String PASSWORD = "s\u00e9cret, with \"all\" <that> is=rare+\\";

    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());
    private PostfixServer withTls;
    private PostfixServer withoutTls;
    private PostfixServer implicit;

    @BeforeAll
    void start() throws Exception {
        Certificate certificate = Certificate.forLocalhost();
        withTls = PostfixSetup.postfix().tls(certificate).sasl(USER, PASSWORD).start();
        withoutTls = PostfixSetup.postfix().sasl(USER, PASSWORD).start();
        implicit = PostfixSetup.postfix()
                .implicitTls(certificate)
                .sasl(USER, PASSWORD)
                .start();
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        for (PostfixServer server : List.of(withTls, withoutTls, implicit)) {
            server.close();
        }
    }

    private static Credentials credentials(AuthMechanism mechanism, String password) {
        return new Credentials(USER, () -> password, List.of(mechanism));
    }

    private RecipientResult send(PostfixServer server, ConnectionSettings settings, String recipient) throws Exception {
        HostResult result = Mails.send(client, server, settings, Envelope.of(SENDER, recipient), message("Hello.\r\n"));
        return result.recipients().get(0);
    }

    private void arrivedFromUser(PostfixServer server, String recipient) {
        await().atMost(Mails.PATIENCE)
                .untilAsserted(() ->
                        assertThat(server.mailsTo(recipient)).as(server.log()).hasSize(1));
        try {
            assertThat(server.mailsTo(recipient).get(0)).contains("(Authenticated sender: " + USER + "@postfix.test)");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "XOAUTH2", mode = EnumSource.Mode.EXCLUDE)
    void theRightPasswordUnderStarttls(AuthMechanism mechanism) throws Exception {
        String recipient = mechanism.name().toLowerCase(Locale.ROOT) + "@example.org";

        RecipientResult result = send(
                withTls,
                Changed.of(with(TlsSettings.opportunistic()), "credentials", credentials(mechanism, PASSWORD)),
                recipient);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
        arrivedFromUser(withTls, recipient);
        assertThat(withTls.log()).contains("sasl_method=" + mechanism.keyword() + ", sasl_username=" + USER);
    }

    @ParameterizedTest
    @EnumSource(names = "XOAUTH2", mode = EnumSource.Mode.EXCLUDE)
    void aWrongPasswordDefersTheMail(AuthMechanism mechanism) throws Exception {
        RecipientResult result = send(
                withTls,
                Changed.of(with(TlsSettings.opportunistic()), "credentials", credentials(mechanism, "wrong")),
                "wrong@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(result.stage()).isEqualTo(TransactionStage.AUTH);
        assertThat(result.reply().orElseThrow().code()).isEqualTo(535);
        assertThat(result.reply().orElseThrow().enhancedCode()).contains("5.7.8");
        assertThat(withTls.mailsTo("wrong@example.org")).isEmpty();
    }

    @Test
    void mailWithoutCredentialsIsRefusedByTheRelay() throws Exception {
        RecipientResult result = send(withTls, with(TlsSettings.opportunistic()), "nobody@example.org");

        assertThat(result.outcome()).isEqualTo(HostOutcome.FAILED);
        assertThat(result.stage()).isEqualTo(TransactionStage.RCPT);
    }

    /** RFC 8314 §3.3. */
    @Test
    void underTlsFromTheFirstOctet() throws Exception {
        RecipientResult result = send(
                implicit,
                Changed.of(
                        with(TlsSettings.of(TlsMode.IMPLICIT)),
                        "credentials",
                        Credentials.password(USER, () -> PASSWORD)),
                "implicit@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
        arrivedFromUser(implicit, "implicit@example.org");
    }

    /** RFC 4954 §4. */
    @Test
    void noPasswordIsSentWithoutTls() throws Exception {
        int before = withoutTls.log().length();

        RecipientResult result = send(
                withoutTls,
                Changed.of(
                        with(TlsSettings.opportunistic()), "credentials", Credentials.password(USER, () -> PASSWORD)),
                "cleartext@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(result.stage()).isEqualTo(TransactionStage.AUTH);
        // Postfix counts the commands of a connection when it ends.
        await().atMost(Mails.PATIENCE)
                .untilAsserted(
                        () -> assertThat(withoutTls.log().substring(before)).contains("disconnect"));
        assertThat(withoutTls.log().substring(before)).doesNotContain("sasl").doesNotContain(" auth=");
    }

    @Test
    void unlessItIsAllowed() throws Exception {
        RecipientResult result = send(
                withoutTls,
                Changed.of(
                        plaintext(), "credentials", Credentials.password(USER, () -> PASSWORD), "cleartextAuth", true),
                "allowed@example.org");

        assertThat(result.outcome()).as(result.toString()).isEqualTo(HostOutcome.ACCEPTED);
        arrivedFromUser(withoutTls, "allowed@example.org");
    }
}
