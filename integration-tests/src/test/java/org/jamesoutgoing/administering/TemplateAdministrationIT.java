/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.administering.Webadmin.Answer;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.jamesoutgoing.testing.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Templates of a whole James that are changed while it runs. */
class TemplateAdministrationIT {

    private static final String ALICE = "alice@james.test";
    private static final String WAITING = "durable://var/mail/outgoing-waiting";

    private static ReceivingServer receiver;
    private static JamesServer james;
    private static Webadmin webadmin;

    @BeforeAll
    static void start() throws Exception {
        receiver = ReceivingServer.start();
        receiver.answer(Stage.RCPT, "waits@", org.jamesoutgoing.testing.Answer.reply("452 4.2.2 mailbox full"));
        receiver.answer(Stage.RCPT, "nobody@", org.jamesoutgoing.testing.Answer.reply("550 5.1.1 no such user"));
        james = JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .user(ALICE, "secret")
                .outgoing("<relayHosts>127.0.0.1:" + receiver.port() + "</relayHosts><resendDelays>1h</resendDelays>"));
        webadmin = new Webadmin(james.webadminPort());
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        receiver.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(50));
    }

    @Test
    void aWaitingMailIsShownInAnyWordsAndGoesOnWaiting() throws Exception {
        james.send(ALICE, "waits@example.org");
        soon().until(() -> james.repositoryKeys(WAITING), keys -> keys.size() == 1);
        List<String> before = james.repositoryKeys(WAITING);
        String id = before.get(0).substring(0, before.get(0).lastIndexOf('.'));
        String preview = "/outgoing/templates/delay/preview?mail=" + id;

        Answer inUse = webadmin.send("POST", preview, "");
        assertThat(inUse.status()).as(inUse.body()).isEqualTo(200);
        assertThat(inUse.body())
                .contains("To: <" + ALICE + ">", "multipart/report", "Final-Recipient: rfc822; waits@example.org")
                .contains("Diagnostic-Code: smtp; 452 4.2.2 mailbox full", "Status: 4.2.2");
        String unsaved = "Subject: s\n\n{{#recipients}}{{address}} {{status}} {{reply}}{{/recipients}}\n"
                + "--- html ---\n<p>{{sender}}</p>";
        assertThat(webadmin.send("POST", preview, unsaved, "Accept", "text/plain")
                        .body())
                .contains("waits@example.org 4.2.2 452 4.2.2 mailbox full");
        assertThat(webadmin.send("POST", preview + "&queue=outgoing", unsaved, "Accept", "text/html")
                        .body())
                .contains("<p>" + ALICE + "</p>");
        assertThat(webadmin.send("POST", preview, "").body()).contains("Content-Type: multipart/report");

        assertThat(james.repositoryKeys(WAITING)).isEqualTo(before);
        assertThat(webadmin.send("POST", preview.replace(id, "gone"), "").status())
                .isEqualTo(404);
        assertThat(webadmin.send("POST", preview + "&queue=other", "").status()).isEqualTo(400);
    }

    @Test
    void aTemplateMadeAtRunTimeIsUsedForTheNextMessage() throws Exception {
        String template = "Subject: Runtime words\n\nNot delivered to {{#recipients}}{{address}}{{/recipients}}.\n";
        assertThat(webadmin.put("/outgoing/templates/failure", template).status())
                .isEqualTo(201);
        james.send(ALICE, "nobody@example.org");
        soon().untilAsserted(() -> assertThat(james.inbox(ALICE)).hasSize(1));
        assertThat(james.inbox(ALICE).get(0).getSubject()).isEqualTo("Runtime words");
        assertThat(webadmin.send("DELETE", "/outgoing/templates/failure", "").status())
                .isEqualTo(204);
    }
}
