/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.smtp.Mails.await;
import static org.jamesoutgoing.smtp.Mails.envelope;
import static org.jamesoutgoing.smtp.Mails.message;
import static org.jamesoutgoing.smtp.Mails.settings;

import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** AUTH (RFC 4954). */
class AuthTest {

    private static final Credentials CREDENTIALS = Credentials.password("tim", () -> "tanstaaftanstaaf");

    private final FakeSmtpServer server = new FakeSmtpServer();
    private final SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private RecipientResult deliver(Credentials credentials) {
        ConnectionSettings settings = Changed.of(settings(), "cleartextAuth", true, "credentials", credentials);
        return await(client.deliver(server.host(), settings, envelope("a@x.test"), message()))
                .recipients()
                .get(0);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private void deferredAtAuth(RecipientResult result) {
        assertThat(result.outcome()).isEqualTo(HostOutcome.DEFERRED);
        assertThat(result.stage()).isEqualTo(TransactionStage.AUTH);
        assertThat(server.commands("MAIL")).isEmpty();
    }

    /** Answers AUTH and the lines behind it, in this order. */
    private void script(String... answers) {
        Iterator<String> next = List.of(answers).iterator();
        server.on("AUTH", turn -> {
            String answer = next.next();
            while (answer.startsWith("334")) {
                turn.conversation().sendRaw(answer + "\r\n");
                server.commands.add(turn.conversation().line());
                answer = next.next();
            }
            return answer;
        });
    }

    @Test
    void plainInOneLine() { // RFC 4616
        server.capabilities("AUTH LOGIN PLAIN CRAM-MD5");
        script("235 2.7.0 ok");
        assertThat(deliver(CREDENTIALS).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands("AUTH")).containsExactly("AUTH PLAIN " + base64("\0tim\0tanstaaftanstaaf"));
    }

    @Test
    void plainInTwoLinesWhenOneGetsTooLong() { // RFC 4954 §4
        server.capabilities("AUTH PLAIN");
        script("334 ", "235 2.7.0 ok");
        String secret = "x".repeat(500);
        assertThat(deliver(Credentials.password("tim", () -> secret)).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands).contains("AUTH PLAIN", base64("\0tim\0" + secret));
    }

    @Test
    void loginAnswersInOrderWhateverIsAsked() {
        server.capabilities("AUTH=LOGIN");
        script("334", "334 " + base64("Kennwort:"), "235 2.7.0 ok");
        assertThat(deliver(CREDENTIALS).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands).contains("AUTH LOGIN", base64("tim"), base64("tanstaaftanstaaf"));
    }

    @Test
    void cramMd5OfRfc2195() {
        server.capabilities("AUTH CRAM-MD5");
        script("334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+", "235 ok");
        assertThat(deliver(CREDENTIALS).outcome()).isEqualTo(HostOutcome.ACCEPTED);
        assertThat(server.commands).contains("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
    }

    @Test
    void xoauth2ShowsItsTokenAndHearsTheErrorOut() {
        server.capabilities("AUTH PLAIN XOAUTH2");
        script("334 " + base64("{\"status\":\"401\"}"), "535 5.7.8 no");
        RecipientResult result = deliver(new Credentials("tim", () -> "token", List.of(AuthMechanism.XOAUTH2)));
        deferredAtAuth(result);
        assertThat(result.detail()).contains("535 5.7.8 no");
        assertThat(server.commands("AUTH"))
                .containsExactly("AUTH XOAUTH2 " + base64("user=tim\1auth=Bearer token\1\1"));
        assertThat(server.commands).contains("");
    }

    @Test
    void nonsenseChallengesAreCancelled() { // RFC 4954 §4: "*"
        server.capabilities("AUTH CRAM-MD5");
        script("334 %%%", "501 5.5.2 cancelled");
        deferredAtAuth(deliver(CREDENTIALS));
        assertThat(server.commands).contains("*");
    }

    @Test
    void endlessChallengesAreCancelled() {
        server.capabilities("AUTH LOGIN");
        script("334 ", "334 ", "334 ", "334 ", "501 cancelled");
        deferredAtAuth(deliver(CREDENTIALS));
        assertThat(server.commands).contains("*");
    }

    @Test
    void aRefusedPasswordDefersAndShowsNoSecret() {
        server.capabilities("AUTH PLAIN");
        script("535 5.7.8 no");
        RecipientResult result = deliver(CREDENTIALS);
        deferredAtAuth(result);
        assertThat(result.toString()).doesNotContain("tanstaaf").doesNotContain(base64("\0tim\0tanstaaftanstaaf"));
        assertThat(CREDENTIALS.toString()).doesNotContain("tanstaaf");
    }

    @Test
    void withoutTheOfferNothingIsSent() {
        server.capabilities("AUTH GSSAPI");
        deferredAtAuth(deliver(CREDENTIALS));
        assertThat(server.commands("AUTH")).isEmpty();
    }

    @Test
    void noAuthInCleartextUnlessAllowed() { // RFC 4954 §4
        server.capabilities("AUTH PLAIN");
        ConnectionSettings settings = Changed.of(settings(), "credentials", CREDENTIALS);
        deferredAtAuth(await(client.deliver(server.host(), settings, envelope("a@x.test"), message()))
                .recipients()
                .get(0));
        assertThat(server.commands("AUTH")).isEmpty();
    }

    @Test
    void theSecretIsReadAgainAtEachConnect() {
        server.capabilities("AUTH PLAIN").on("MAIL", FakeSmtpServer.CLOSE);
        Iterator<String> secrets = List.of("one", "two").iterator();
        Credentials rotating = Credentials.password("tim", secrets::next);
        deliver(rotating);
        deliver(rotating);
        assertThat(server.commands("AUTH"))
                .containsExactly("AUTH PLAIN " + base64("\0tim\0one"), "AUTH PLAIN " + base64("\0tim\0two"));
    }

    @Test
    void anUnreadableSecretDefers() {
        server.capabilities("AUTH PLAIN");
        RecipientResult result = deliver(Credentials.password("tim", () -> {
            throw new IllegalStateException("s3cret in the message");
        }));
        deferredAtAuth(result);
        assertThat(result.detail()).doesNotContain("s3cret");
    }
}
