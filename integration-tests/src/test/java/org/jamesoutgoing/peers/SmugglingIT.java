/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.settings.Changed;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.Envelope;
import org.jamesoutgoing.smtp.HostResult;
import org.jamesoutgoing.smtp.PoolSettings;
import org.jamesoutgoing.smtp.SmtpClient;
import org.jamesoutgoing.smtp.SmtpClientOptions;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.PostfixSetup;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SMTP smuggling (CVE-2023-51764 and its kin): whatever is in a message, the receiver sees one message. Against the most
 * lenient Postfix, which takes {@code <LF>.<LF>} for an end, and against the strictest, which refuses any bare line end.
 */
@NeedsPostfix
class SmugglingIT {

    private static final int MAILS = 400;

    private static final List<String> ALPHABET = List.of(
            "\r",
            "\n",
            ".",
            "\0",
            "x",
            "\r\n",
            "\r\n.\r\n",
            "\n.\n",
            "\r.\r",
            "\r\n.\n",
            "\n.\r\n",
            "\r\n.\r",
            "\r.\r\n",
            "\r\r\n.\r\r\n",
            "\r\n\0.\r\n",
            "\r\0\n.\r\0\n",
            "\r\n.\0\r\n",
            "MAIL FROM:<evil@client.test>\r\n",
            "MAIL FROM:<evil@client.test>\nRCPT TO:<victim@example.org>\nDATA\nSubject: smuggled\n\nx\n.\n",
            "MAIL FROM:<evil@client.test>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n",
            "RSET\r\n",
            "BDAT 3 LAST\r\nabc",
            "QUIT\r\n");

    @ParameterizedTest
    @ValueSource(strings = {"no", "normalize", "reject"})
    void everyMessageIsOneMessageByDataAndByBdat(String bareNewlines) throws Exception {
        try (PostfixServer postfix = PostfixSetup.postfix()
                        .with("smtpd_forbid_bare_newline", bareNewlines)
                        .with("smtpd_forbid_bare_newline_exclusions", "")
                        .with("smtpd_forbid_unauth_pipelining", "yes")
                        .start();
                SmtpClient client = SmtpClient.create(SmtpClientOptions.defaults())) {
            Map<String, String> sent = new LinkedHashMap<>();
            List<CompletableFuture<HostResult>> results = new ArrayList<>();
            Random random = new Random(20231218);
            for (int i = 0; i < MAILS; i++) {
                String sender = "sender" + i + "@client.test";
                String recipient = "recipient" + i + "@example.org";
                sent.put(sender, recipient);
                results.add(client.deliver(
                        Mails.localhost(postfix),
                        settings(i % 2 == 0),
                        Envelope.of(sender, recipient),
                        Mails.content(message(random))));
            }
            for (CompletableFuture<HostResult> result : results) {
                PeerContract.accepted(result.get());
            }

            await().atMost(Mails.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(postfix.allMails()).as(postfix.log()).hasSizeGreaterThanOrEqualTo(MAILS));
            assertThat(postfix.allMails()).hasSize(MAILS);
            assertThat(envelopes(postfix.log())).isEqualTo(new TreeMap<>(sent));
            assertThat(postfix.log())
                    .doesNotContain("improper command pipelining")
                    .doesNotContain("bare <LF>")
                    .doesNotContain("bare newline")
                    .doesNotContain("unknown=")
                    .doesNotContain("from=<evil@")
                    .doesNotContain("to=<victim@");
        }
    }

    /** Several mails a connection, half of them by DATA. */
    private static ConnectionSettings settings(boolean chunking) {
        return Changed.of(
                Mails.plaintext(),
                "pool",
                Changed.of(PoolSettings.defaults(), "maxConnectionsPerHost", 4),
                "ignoredExtensions",
                chunking ? Set.of() : Set.of("CHUNKING"));
    }

    private static String message(Random random) {
        StringBuilder message = new StringBuilder("Subject: one\r\n\r\n");
        int pieces = random.nextInt(40);
        for (int i = 0; i < pieces; i++) {
            message.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
        }
        return message.toString();
    }

    /** Who sent to whom, by the queue's own log lines. */
    private static Map<String, String> envelopes(String log) {
        Map<String, String> senders = new TreeMap<>();
        Matcher from = Pattern.compile("qmgr\\[\\d+]: (\\w+): from=<(.*?)>").matcher(log);
        while (from.find()) {
            senders.put(from.group(1), from.group(2));
        }
        Map<String, String> envelopes = new TreeMap<>();
        Matcher to = Pattern.compile("virtual\\[\\d+]: (\\w+): to=<(.*?)>.*status=sent")
                .matcher(log);
        while (to.find()) {
            envelopes.merge(senders.get(to.group(1)), to.group(2), (one, two) -> one + " and " + two);
        }
        return envelopes;
    }
}
