/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.delivering.DsnMail.End;
import org.jamesoutgoing.delivering.DsnMail.Hop;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.ImapInbox;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.jamesoutgoing.testing.SmtpSender;

/**
 * A James whose next hops are two real Postfix servers, with and without DSN, that send what they have to tell back to it.
 * Each {@link DsnMail} comes to its end there.
 */
final class DsnServers implements AutoCloseable {

    private static final String PASSWORD = "secret";

    private final Map<Hop, PostfixServer> postfix = new EnumMap<>(Hop.class);
    private JamesServer james;

    /** The senders of these mails are its users. */
    static DsnServers start(Collection<DsnMail> mails) throws Exception {
        DsnServers servers = new DsnServers();
        try {
            servers.startAll(mails);
            return servers;
        } catch (Exception e) {
            servers.close();
            throw e;
        }
    }

    private DsnServers() {}

    private void startAll(Collection<DsnMail> mails) throws Exception {
        int smtpPort = FreePort.choose();
        for (Hop hop : Hop.values()) {
            postfix.put(hop, setup(hop, smtpPort).start());
        }
        JamesSetup setup = JamesSetup.james()
                .protocols(Protocol.SMTP, Protocol.IMAP)
                .change("smtpserver.xml", text -> text.replaceAll("<bind>[^<]*", "<bind>127.0.0.1:" + smtpPort))
                .outgoing("<relayHosts>127.0.0.1:1</relayHosts><resendDelays>2s</resendDelays>")
                .file("outgoing-routes.xml", routes());
        mails.forEach(mail -> setup.user(mail.sender(), PASSWORD));
        james = JamesServer.start(setup);
    }

    /** The conversation is in its log. */
    private static PostfixSetup setup(Hop hop, int smtpPort) {
        PostfixSetup setup = PostfixSetup.postfix()
                .with(
                        "transport_maps",
                        "inline:{ { james.test = smtp:[127.0.0.1]:%d }, { %s = undeliverable } }"
                                .formatted(smtpPort, DsnMail.domain(End.RETURNED, hop)))
                .with("debug_peer_list", "127.0.0.1")
                .with("debug_peer_level", "1");
        return hop == Hop.WITH_DSN ? setup : setup.without("dsn");
    }

    private String routes() {
        StringBuilder routes = new StringBuilder("<routes>");
        for (Hop hop : Hop.values()) {
            for (End end : End.values()) {
                routes.append("<route domain='%s'><relayHosts>127.0.0.1:%d</relayHosts>%s</route>"
                        .formatted(DsnMail.domain(end, hop), postfix.get(hop).port(), options(end)));
            }
        }
        return routes.append("</routes>").toString();
    }

    /** Different languages, so that words beyond US-ASCII are among what is told. */
    private static String options(End end) {
        return switch (end) {
            case LATE -> "<delayDsnAfter>2s</delayDsnAfter><dsnLanguages>de</dsnLanguages>";
            case EXPIRED -> "<delayDsnAfter>0s</delayDsnAfter><dsnLanguages>fr</dsnLanguages>"
                    + "<queueLifetime>3s</queueLifetime>";
            case ACCEPTED, REFUSED, RETURNED -> "<delayDsnAfter>0s</delayDsnAfter>";
        };
    }

    PostfixServer postfix(Hop hop) {
        return postfix.get(hop);
    }

    /** A connection to James. */
    SmtpSender smtp() throws Exception {
        return james.smtp();
    }

    /** What its sender was told of this mail, read over IMAP. */
    List<byte[]> told(DsnMail mail) throws Exception {
        return ImapInbox.messages(james.imapPort(), mail.sender(), PASSWORD);
    }

    /** Sends them all, and waits until each has come to its end and everything is told. */
    void sendAndAwait(Collection<DsnMail> mails) throws Exception {
        mails.forEach(this::prepare);
        try (SmtpSender smtp = smtp()) {
            for (DsnMail mail : mails) {
                send(smtp, mail);
            }
        }
        List<DsnMail> late =
                mails.stream().filter(mail -> mail.end() == End.LATE).toList();
        // Attempts are 2 s apart: by the third one every delay has been told that ever will be.
        soon().untilAsserted(() -> assertThat(late)
                .allSatisfy(mail -> assertThat(postfix(mail.hop()).attempts(mail.recipient()))
                        .isGreaterThanOrEqualTo(3)));
        late.forEach(mail -> postfix(mail.hop()).answer(mail.recipient(), "DUNNO"));
        awaitEnd();
    }

    private void prepare(DsnMail mail) {
        switch (mail.end()) {
            case REFUSED -> postfix(mail.hop()).answer(mail.recipient(), "550 5.1.1 no such user here");
            case LATE, EXPIRED -> postfix(mail.hop()).answer(mail.recipient(), "450 4.2.1 mailbox busy");
            case ACCEPTED, RETURNED -> {}
        }
    }

    private static void send(SmtpSender smtp, DsnMail mail) throws Exception {
        for (String command : List.of(
                "MAIL FROM:<" + mail.sender() + ">" + mail.mailParameters(),
                "RCPT TO:<" + mail.recipient() + ">" + mail.rcptParameters())) {
            assertThat(smtp.command(command)).as(command).startsWith("250");
        }
        assertThat(smtp.command("DATA")).startsWith("354");
        String message =
                """
                From: <%1$s>
                To: <%2$s>
                Subject: Grüße
                Message-ID: <%1$s>
                Date: Sun, 1 Mar 2026 08:00:00 +0000

                The body itself.
                """
                        .formatted(mail.sender(), mail.recipient());
        assertThat(smtp.data(message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)))
                .startsWith("250");
    }

    /** Nothing is on its way, neither a mail nor a DSN, nor is something between two servers. */
    void awaitEnd() {
        soon().during(Duration.ofSeconds(2)).untilAsserted(() -> {
            assertThat(postfix.values())
                    .allSatisfy(server ->
                            assertThat(server.queueIsEmpty()).as(server::log).isTrue());
            Soon.assertNothingIsLeft(james, "outgoing");
        });
    }

    @Override
    public void close() throws Exception {
        if (james != null) {
            james.close();
        }
        for (PostfixServer server : postfix.values()) {
            server.close();
        }
    }
}
