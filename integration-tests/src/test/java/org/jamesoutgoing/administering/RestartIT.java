/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jamesoutgoing.administering.Webadmin.Answer;
import org.jamesoutgoing.testing.JamesProcess;
import org.jamesoutgoing.testing.JamesSetup;
import org.junit.jupiter.api.Test;

/** What stays of a route, and where, when James ends. */
class RestartIT {

    private static final String ROUTE = "/outgoing/routes/sales.example.com";
    private static final String SECRET = "correct-horse-battery";

    @Test
    void aRouteSurvivesAKillAndItsPasswordShowsUpNowhere() throws Exception {
        JamesSetup setup =
                JamesSetup.james().protocols(JamesSetup.Protocol.WEBADMIN).withExtensionLines();
        try (JamesProcess james = JamesProcess.prepare(setup)) {
            james.start();
            Webadmin webadmin = new Webadmin(james.webadminPort());
            String body = "{\"relayHosts\": \"mail.example\", \"gatewayUsername\": \"u\", \"gatewayPassword\": \""
                    + SECRET + "\"}";
            assertThat(webadmin.put(ROUTE, body).status()).isEqualTo(201);
            assertThat(webadmin.put("/outgoing/routes/gone.test", "{}").status())
                    .isEqualTo(201);
            assertThat(webadmin.send("DELETE", "/outgoing/routes/gone.test", "").status())
                    .isEqualTo(204);
            // Refused for other reasons: the answer and the log do not tell the password either.
            webadmin.put(ROUTE, body.replace("relayHosts", "relayHost"));
            webadmin.put(ROUTE, body.replace("\"u\"", "{}"));
            webadmin.put(ROUTE, body + "}");
            webadmin.put("/outgoing/routes/a..b", body);
            webadmin.put(ROUTE, body, "If-Match", "\"0\"");
            webadmin.send("PATCH", ROUTE, "{\"gatewayPassword\": \"" + SECRET + "\\n\"}");
            Answer before = webadmin.get(ROUTE);
            webadmin.get("/outgoing/routes");
            webadmin.get(ROUTE + "/effective");
            webadmin.trace("bob@sales.example.com");

            james.kill();
            james.start();

            Webadmin after = new Webadmin(james.webadminPort());
            Answer route = after.get(ROUTE);
            assertThat(route.status()).isEqualTo(200);
            assertThat(route.body()).isEqualTo(before.body()).contains("\"gatewayPassword\":\"***\"");
            assertThat(route.etag()).isEqualTo(before.etag());
            assertThat(after.get("/outgoing/routes/gone.test").status()).isEqualTo(404);

            assertThat(webadmin.answers()).isNotEmpty().noneMatch(answer -> answer.contains(SECRET));
            assertThat(after.answers()).noneMatch(answer -> answer.contains(SECRET));
            assertThat(james.log()).contains("route sales.example.com").doesNotContain(SECRET);
            assertThat(james.console()).doesNotContain(SECRET);
            Path store = james.workingDirectory().resolve("var/outgoing-routes.json");
            assertThat(Files.readString(store)).contains(SECRET);
        }
    }
}
