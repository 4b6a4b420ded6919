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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jamesoutgoing.administering.Webadmin.Answer;
import org.jamesoutgoing.testing.FreePort;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup;
import org.jamesoutgoing.testing.Patience;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Routes of a whole James with two services, a file of routes and parameters on the mailets. */
class RouteAdministrationIT {

    private static final String SECOND =
            "<mailet match=\"HostIs=second.test\" class=\"org.jamesoutgoing.mailets.OutgoingDelivery\">"
                    + "<outgoing>second</outgoing><heloName>second.james.test</heloName></mailet>";

    private static ReceivingServer receiver;
    private static JamesServer james;
    private static Webadmin webadmin;

    @BeforeAll
    static void start() throws Exception {
        receiver = ReceivingServer.start();
        james = JamesServer.start(JamesSetup.james()
                .protocols(JamesSetup.Protocol.SMTP, JamesSetup.Protocol.WEBADMIN)
                .withExtensionLines()
                .user("alice@james.test", "secret")
                .file(
                        "outgoing-routes.xml",
                        "<routes><route domain=\"file.test\"><relayHosts>127.0.0.1</relayHosts><tls>none</tls></route>"
                                + "<route domain=\"*\"><mailTimeout>4m</mailTimeout></route></routes>")
                .outgoing("<heloName>first.james.test</heloName><gateway>127.0.0.1</gateway><gatewayPort>"
                        + receiver.port() + "</gatewayPort><gatewayUsername>u</gatewayUsername>"
                        + "<gatewayPassword>hunter2</gatewayPassword><resendDelays>1s</resendDelays>")
                .change(
                        "mailetcontainer.xml",
                        text -> text.replaceFirst(
                                "(?=<mailet match=\"All\" class=\"[\\w.]*OutgoingDelivery\">)", SECOND)));
        webadmin = new Webadmin(james.webadminPort());
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        receiver.close();
    }

    private static Answer effective(String domain) throws Exception {
        return webadmin.get("/outgoing/routes/" + domain + "/effective?queue=outgoing");
    }

    private static void assertValue(Answer effective, String option, String value, String origin) {
        assertThat(effective.at("/options/" + option + "/value")).as(option).isEqualTo(value);
        assertThat(effective.at("/options/" + option + "/origin")).as(option).isEqualTo(origin);
    }

    @Test
    void everyValueIsShownWithItsOrigin() throws Exception {
        webadmin.put("/outgoing/routes/effective.test", "{\"queueLifetime\": \"2d\", \"maxAttempts\": 9}");
        Answer answer = effective("effective.test");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.at("/route")).isEqualTo("effective.test");
        assertThat(answer.at("/queue")).isEqualTo("outgoing");
        assertValue(answer, "queueLifetime", "2d", "runtime");
        assertThat(answer.at("/options/queueLifetime/from")).isEqualTo("effective.test");
        assertValue(answer, "mailTimeout", "4m", "file");
        assertThat(answer.at("/options/mailTimeout/from")).isEqualTo("*");
        assertValue(answer, "heloName", "first.james.test", "mailet");
        assertValue(answer, "gatewayPassword", "***", "mailet");
        assertValue(answer, "mode", "relay", "mailet");
        assertValue(answer, "greetingTimeout", "5m", "built-in");
        assertThat(answer.body()).doesNotContain("hunter2");
    }

    @Test
    void whatTheRouteDoesNotUseIsNotShown() throws Exception {
        Answer file = effective("file.test");
        assertValue(file, "mode", "relay", "file");
        assertValue(file, "relayHosts", "127.0.0.1", "file");
        // Credentials are for the hosts they were given with.
        assertThat(file.json().at("/options").has("gatewayUsername")).isFalse();
        assertThat(file.json().at("/options").has("gatewayPassword")).isFalse();
        webadmin.put("/outgoing/routes/independent.test", "{\"mode\": \"independent\"}");
        assertThat(effective("independent.test").json().at("/options").has("relayHosts"))
                .isFalse();
    }

    @Test
    void aDomainWithoutRouteHasTheOneThatFits() throws Exception {
        webadmin.put("/outgoing/routes/*.wild.test", "{\"maxAttempts\": 3}");
        Answer below = effective("a.b.wild.test");
        assertThat(below.at("/domain")).isEqualTo("a.b.wild.test");
        assertThat(below.at("/route")).isEqualTo("*.wild.test");
        assertValue(below, "maxAttempts", "3", "runtime");
        assertThat(effective("wild.test").at("/route")).isEqualTo("*");
        assertThat(effective("*").at("/route")).isEqualTo("*");
        assertThat(effective("*.none.test").status()).isEqualTo(404);
    }

    @Test
    void ofSeveralServicesTheOneNamedOutgoingIsMeantUnlessOneIsNamed() throws Exception {
        Answer none = webadmin.get("/outgoing/routes/example.com/effective");
        assertThat(none.at("/queue")).isEqualTo("outgoing");
        Answer second = webadmin.get("/outgoing/routes/example.com/effective?queue=second");
        assertValue(second, "heloName", "second.james.test", "mailet");
        assertValue(second, "mode", "independent", "built-in");
        Answer trace =
                webadmin.post("/outgoing/routes/trace", "{\"recipient\": \"bob@file.test\", \"queue\": \"second\"}");
        assertThat(trace.at("/queue")).isEqualTo("second");
        assertThat(webadmin.trace("bob@file.test").at("/queue")).isEqualTo("outgoing");
        assertThat(webadmin.get("/outgoing/routes/example.com/effective?queue=third")
                        .at("/details"))
                .contains("allowed: outgoing, second");
    }

    /** {@code RouteSecretsTest} has all that is refused. */
    @Test
    void aPasswordMayLieBelowOneFolderOnly() throws Exception {
        Path folder = Files.createDirectories(james.workingDirectory().resolve("conf/outgoing-secrets"));
        Path password = Files.writeString(folder.resolve("relay"), "hunter2");
        Path elsewhere = Files.writeString(james.workingDirectory().resolve("conf/elsewhere"), "hunter3");
        String body = "{\"relayHosts\": \"127.0.0.1\", \"gatewayUsername\": \"u\", \"gatewayPassword\": \"file:%s\"}";
        assertThat(webadmin.put("/outgoing/routes/password.test", body.formatted(password))
                        .status())
                .isEqualTo(201);
        Answer refused = webadmin.put("/outgoing/routes/password.test", body.formatted(elsewhere));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.at("/details"))
                .startsWith("'gatewayPassword' names the file " + elsewhere)
                .contains("allowed in a route that is made in webadmin: a file below")
                .endsWith("conf/outgoing-secrets");
    }

    @Test
    void aRouteThatDoesNotGoTogetherWithWhatItInheritsIsRefused() throws Exception {
        Answer answer = webadmin.put("/outgoing/routes/bad.test", "{\"dnsFallbackToSystem\": true}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.at("/details")).contains("'dnsFallbackToSystem'", "allowed: together with 'dnsServers'");
        assertThat(webadmin.get("/outgoing/routes/bad.test").status()).isEqualTo(404);
    }

    @Test
    void aChangeCountsForTheNextAttemptOfMailThatWaits() throws Exception {
        String path = "/outgoing/routes/change.test";
        webadmin.put(path, "{\"relayHosts\": \"127.0.0.1:" + FreePort.choose() + "\"}");
        james.send("alice@james.test", "bob@change.test");
        await().atMost(Patience.LIMIT).until(() -> !waiting().isEmpty());
        assertThat(receiver.mailsTo("bob@change.test")).isEmpty();

        webadmin.send("PATCH", path, "{\"relayHosts\": \"127.0.0.1:" + receiver.port() + "\"}");

        await().atMost(Patience.LIMIT)
                .until(() -> receiver.mailsTo("bob@change.test").size() == 1);
    }

    @Test
    void aSuspendedRouteKeepsItsMailUntilItIsResumed() throws Exception {
        String path = "/outgoing/routes/suspended.test";
        webadmin.put(path, "{\"suspended\": true, \"relayHosts\": \"127.0.0.1:" + receiver.port() + "\"}");
        james.send("alice@james.test", "bob@suspended.test");
        await().atMost(Patience.LIMIT).until(() -> !waiting().isEmpty());
        assertThat(receiver.mailsTo("bob@suspended.test")).isEmpty();

        webadmin.send("PATCH", path, "{\"suspended\": null}");

        await().atMost(Patience.LIMIT)
                .until(() -> receiver.mailsTo("bob@suspended.test").size() == 1);
    }

    private static List<String> waiting() throws Exception {
        return james.repositoryKeys("durable://var/mail/outgoing-waiting");
    }

    @Test
    void theListShowsFileAndRunTime() throws Exception {
        webadmin.put("/outgoing/routes/listed.test", "{}");
        JsonNode all = webadmin.get("/outgoing/routes").json();
        assertThat(all.findValuesAsText("domain")).contains("*", "file.test", "listed.test");
        JsonNode file = webadmin.get("/outgoing/routes?origin=file").json();
        assertThat(file.findValuesAsText("domain")).containsExactly("*", "file.test");
    }
}
