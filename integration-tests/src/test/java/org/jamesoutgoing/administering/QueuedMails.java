/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.Patience;

/** The mails of a James with one service, by webadmin. */
final class QueuedMails {

    private final Webadmin webadmin;

    QueuedMails(JamesServer james) {
        this(james.webadminPort());
    }

    /** @param webadminPort where James's webadmin listens */
    QueuedMails(int webadminPort) {
        this.webadmin = new Webadmin(webadminPort);
    }

    static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(50));
    }

    Webadmin webadmin() {
        return webadmin;
    }

    /** The state of each mail by its first recipient. */
    Map<String, String> states() throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (JsonNode mail : list("")) {
            states.put(mail.at("/recipients/0").asText(), mail.get("state").asText());
        }
        return states;
    }

    JsonNode list(String query) throws Exception {
        Webadmin.Answer answer = webadmin.get("/outgoing/queue" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    String idOf(String recipient) throws Exception {
        JsonNode mails = list("?recipient=" + recipient);
        assertThat(mails).as("mails to %s", recipient).hasSize(1);
        return mails.at("/0/id").asText();
    }

    /** Has something done with the mail to this recipient; the answer. */
    Webadmin.Answer act(String recipient, String action) throws Exception {
        return webadmin.post("/outgoing/queue/" + idOf(recipient) + "?action=" + action, "");
    }

    /** Has it done, and sees that it is. */
    void done(String recipient, String action) throws Exception {
        Webadmin.Answer answer = act(recipient, action);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.at("/result")).isEqualTo("done");
    }

    /** Posts what becomes a task; how that ended, as James shows it. */
    JsonNode endOfTask(String path) throws Exception {
        Webadmin.Answer created = webadmin.post(path, "");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        String task = "/tasks/" + created.at("/taskId");
        soon().until(() -> webadmin.get(task).at("/status"), status -> !status.matches("waiting|inProgress"));
        return webadmin.get(task).json();
    }

    /** How many are in this state, as the glance has it. */
    long count(String state) throws Exception {
        return webadmin.get("/outgoing")
                .json()
                .at("/0/mails/" + state + "/mails")
                .asLong();
    }
}
