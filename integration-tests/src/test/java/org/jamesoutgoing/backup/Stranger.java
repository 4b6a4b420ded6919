/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.jamesoutgoing.testing.TestMessage;

/** A client that James knows nothing of, and a James that trusts no network. */
final class Stranger implements AutoCloseable {

    static final String ALICE = "alice@james.test";
    static final String PASSWORD = "secret";

    private final SmtpSender smtp;

    Stranger(JamesServer james) throws IOException {
        smtp = james.smtp();
    }

    /**
     * With all extension lines, nobody's network trusted, and these static routes.
     *
     * @param elsewhere gets everything that has no static route
     */
    static JamesSetup james(ReceivingServer elsewhere, String routes) {
        return JamesSetup.james()
                .user(ALICE, PASSWORD)
                .withExtensionLines()
                .change("smtpserver.xml", text -> text.replace("127.0.0.0/8", "192.0.2.1"))
                .outgoing("<relayHosts>" + place(elsewhere) + "</relayHosts><resendDelays>1s</resendDelays>")
                .file("outgoing-routes.xml", "<routes>" + routes + "</routes>");
    }

    /** A backup route in relay mode. */
    static String backupRoute(String domain, String recipients, ReceivingServer main) {
        return backupRoute(domain, recipients, place(main), "");
    }

    static String backupRoute(String domain, String recipients, String relayHosts, String more) {
        return "<route domain=\"" + domain + "\"><backup>true</backup><backupRecipients>" + recipients
                + "</backupRecipients><relayHosts>" + relayHosts + "</relayHosts>" + more + "</route>";
    }

    static String place(ReceivingServer server) {
        return server.address() + ":" + server.port();
    }

    static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(50));
    }

    String command(String line) throws IOException {
        return smtp.command(line);
    }

    String from(String sender) throws IOException {
        return command("MAIL FROM:<" + sender + ">");
    }

    String to(String recipient) throws IOException {
        return command("RCPT TO:<" + recipient + ">");
    }

    String message() throws IOException {
        String go = command("DATA");
        return go.startsWith("354")
                ? smtp.data(TestMessage.text("stranger@elsewhere.test", "test", "Hello.\r\n")
                        .getBytes(StandardCharsets.US_ASCII))
                : go;
    }

    @Override
    public void close() throws IOException {
        smtp.close();
    }
}
