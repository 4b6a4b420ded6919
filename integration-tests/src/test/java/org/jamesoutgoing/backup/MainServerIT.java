/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.backup.Stranger.ALICE;
import static org.jamesoutgoing.backup.Stranger.backupRoute;
import static org.jamesoutgoing.backup.Stranger.soon;

import java.time.Duration;
import java.util.List;
import org.jamesoutgoing.testing.DnsServer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.NeedsDnsServer;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail for a backup domain goes to servers that are better than this one, or waits: it never comes back here. */
@NeedsDnsServer
class MainServerIT {

    private static final String MAIN = "127.0.9.1";
    private static final String WORSE = "127.0.9.2";
    private static final String ROUTER = "127.0.9.9";

    /** All exchangers listen on it. */
    private static final int PORT = FreePort.choose();

    private static final int SMTP_PORT = FreePort.choose();

    private static DnsServer dns;
    private static ReceivingServer main;
    private static ReceivingServer worse;
    private static ReceivingServer elsewhere;
    private static JamesServer james;

    @BeforeAll
    static void start() throws Exception {
        main = ReceivingServer.start(MAIN, PORT);
        worse = ReceivingServer.start(WORSE, PORT);
        elsewhere = ReceivingServer.start();
        dns = DnsServer.on("127.0.0.1", FreePort.choose())
                .zone("by-helo.test", ourselvesInTheMiddle("james.test."))
                .zone("by-routes-helo.test", ourselvesInTheMiddle("helo.outside.test."))
                .zone("by-own-name.test", ourselvesInTheMiddle("mx2.outside.test."))
                .zone("by-own-address.test", ourselvesInTheMiddle("alias") + "\nalias A " + ROUTER)
                .zone("unrecognised.test", ourselvesInTheMiddle("mx3.outside.test."))
                .zone("best.test", "@ MX 10 james.test.\n@ MX 20 worse\nworse A " + WORSE)
                .start();
        StringBuilder routes = new StringBuilder();
        for (String domain : List.of(
                "by-helo.test",
                "by-routes-helo.test",
                "by-own-name.test",
                "by-own-address.test",
                "unrecognised.test",
                "best.test")) {
            routes.append("<route domain=\"" + domain
                    + "\"><backup>true</backup><backupRecipients>any</backupRecipients></route>");
        }
        String self = "127.0.0.1:" + SMTP_PORT;
        routes.append("<route domain=\"other.test\"><heloName>helo.outside.test</heloName></route>")
                .append(backupRoute("loop.test", "any", self, ""))
                .append(backupRoute("loop-name.test", "any", "localhost:" + SMTP_PORT, ""))
                .append(backupRoute("half-loop.test", "any", self + "," + MAIN + ":" + PORT, ""));
        james = JamesServer.start(Stranger.james(elsewhere, routes.toString())
                .outgoing("<dnsServers>" + dns.hostAndPort() + "</dnsServers><port>" + PORT
                        + "</port><localExchangers>true</localExchangers><resendDelays>1s</resendDelays><ownNames>mx2.outside.test, "
                        + ROUTER
                        + "</ownNames>")
                .change("smtpserver.xml", text -> text.replace("127.0.0.1:0", self)));
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        dns.close();
        main.close();
        worse.close();
        elsewhere.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"by-helo", "by-routes-helo", "by-own-name", "by-own-address", "half-loop"})
    void onlyBetterServersGetIt(String domain) throws Exception { // RFC 5321 §5.1
        String recipient = "user@" + domain + ".test";
        send(recipient);
        soon().untilAsserted(() -> assertThat(main.mailsTo(recipient)).hasSize(1));
        assertThat(worse.connections()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unrecognised", "best", "loop", "loop-name"})
    void whereNoneIsKnownToBeBetterItWaitsAndNobodyGetsAFailureMessage(String domain) throws Exception {
        int before = main.connections().size();
        int waiting = waiting();
        int inbox = james.inbox(ALICE).size();
        send("user@" + domain + ".test");
        soon().during(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(waiting()).isEqualTo(waiting + 1));
        assertThat(main.connections()).hasSize(before);
        assertThat(worse.connections()).isEmpty();
        assertThat(james.inbox(ALICE)).hasSize(inbox);
    }

    private static String ourselvesInTheMiddle(String us) {
        return "@ MX 10 main\nmain A " + MAIN + "\n@ MX 20 " + us + "\n@ MX 30 worse\nworse A " + WORSE;
    }

    private static void send(String recipient) throws Exception {
        try (Stranger stranger = new Stranger(james)) {
            stranger.from(ALICE);
            assertThat(stranger.to(recipient)).startsWith("250");
            assertThat(stranger.message()).startsWith("250");
        }
    }

    private static int waiting() throws Exception {
        return james.repositoryKeys("durable://var/mail/outgoing-waiting").size()
                + (int) james.queue("outgoing").getSize();
    }
}
