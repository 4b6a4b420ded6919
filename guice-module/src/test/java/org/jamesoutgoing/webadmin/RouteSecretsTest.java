/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.james.core.healthcheck.Result;
import org.jamesoutgoing.health.OutgoingMailHealthCheck;
import org.jamesoutgoing.service.OutgoingMailService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Who may make routes may name the host that a password is sent to. So he may not choose just any file or environment
 * variable of James's as the password.
 */
class RouteSecretsTest {

    private static final String SALES = "/outgoing/routes/sales.example.com";

    @TempDir
    private Path directory;

    private Path folder;
    private Path inside;
    private Path outside;
    private final RunningServices james = new RunningServices();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(OutgoingMailService.class);

    @BeforeEach
    void start() throws Exception {
        folder = Files.createDirectories(directory.resolve("secrets"));
        inside = Files.writeString(folder.resolve("password"), "hunter2");
        outside = Files.writeString(directory.resolve("outside"), "hunter3");
        log.start();
        logger.addAppender(log);
        start("outgoing", Map.of("webadminFiles", folder.toString(), "webadminVariables", "PATH, RELAY_PASSWORD"));
    }

    private void start(String queue, Map<String, String> parameters) throws Exception {
        james.start(queue, parameters);
    }

    @AfterEach
    void stop() {
        james.close();
        logger.detachAppender(log);
    }

    private static String body(String password) {
        return "{\"relayHosts\": \"relay.example\", \"gatewayUsername\": \"u\", \"gatewayPassword\": \"" + password
                + "\"}";
    }

    private HttpResponse<String> put(String password) throws Exception {
        return james.send("PUT", SALES, body(password));
    }

    private void assertRefused(HttpResponse<String> answer, String said) throws Exception {
        RunningServices.assertProblem(SALES, 400, said, answer);
        assertThat(answer.body()).contains("Bad 'gatewayPassword'").doesNotContain("hunter");
    }

    @Test
    void aFileBelowTheFolderAndAVariableOfTheListAreTaken() throws Exception {
        assertThat(put("file:" + inside).statusCode()).isEqualTo(201);
        assertThat(put("${env:PATH}").statusCode()).isEqualTo(204);
    }

    @Test
    void anyOtherIsRefusedAndNotLookedFor() throws Exception {
        String allowed = "allowed in a route that is made in webadmin: a file below " + folder;
        assertRefused(put("file:" + outside), "'gatewayPassword' names the file " + outside + "; " + allowed);
        assertRefused(
                put("file:" + directory + "/nowhere"),
                "'gatewayPassword' names the file " + directory + "/nowhere; " + allowed);
        String variables = "allowed in a route that is made in webadmin: those that 'webadminVariables' of the mailet"
                + " lists, PATH, RELAY_PASSWORD";
        assertRefused(put("${env:HOME}"), "names the environment variable HOME; " + variables);
        assertRefused(put("${env:NOT_SET_ANYWHERE}"), "names the environment variable NOT_SET_ANYWHERE; " + variables);
        assertThat(james.get(SALES).statusCode()).isEqualTo(404);
    }

    @Test
    void aPatchIsHeldToTheSame() throws Exception {
        assertThat(put("hunter2").statusCode()).isEqualTo(201);
        assertRefused(
                james.send("PATCH", SALES, "{\"gatewayPassword\": \"file:" + outside + "\"}"),
                "names the file " + outside);
        assertThat(james.send("PATCH", SALES, "{\"keyStore\": \"" + outside + "\"}")
                        .body())
                .contains("'keyStore' names the file " + outside);
    }

    @Test
    void everyServiceMustAllowIt() throws Exception {
        start("partners", Map.of());
        assertRefused(put("${env:PATH}"), "names the environment variable PATH");
        assertRefused(put("file:" + inside), "allowed in a route that is made in webadmin: ");
    }

    @Test
    void aRouteThatWasStoredWhenItMightHoldsUpItsOwnMailOnly() throws Exception {
        assertThat(put("${env:PATH}").statusCode()).isEqualTo(201);
        james.stopAll();
        log.list.clear();

        start("outgoing", Map.of());

        assertThat(log.list.stream()
                        .filter(event -> event.getLevel() == Level.ERROR)
                        .map(ILoggingEvent::getFormattedMessage))
                .containsExactly(
                        "route sales.example.com was made in webadmin, and its mail waits if it needs this: 'gatewayPassword' names"
                                + " the environment variable PATH; allowed in a route that is made in webadmin: those that"
                                + " 'webadminVariables' of the mailet lists, none");
        Result health =
                Mono.from(james.part(OutgoingMailHealthCheck.class).check()).block(Duration.ofSeconds(20));
        assertThat(health.getCause().orElse(""))
                .startsWith(
                        "queue outgoing: route sales.example.com names what a route made in webadmin may not have read")
                .doesNotContain("PATH");
        OutgoingMailService service = james.services().services().get("outgoing");
        assertThat(service.routes().of("sales.example.com").suspended()).isPresent();
        assertThat(service.routes().of("other.example.com").suspended()).isEmpty();
        assertThat(james.send("DELETE", SALES, "").statusCode()).isEqualTo(204);
        assertThat(service.routes().of("sales.example.com").suspended()).isEmpty();
    }

    @Test
    void eachChangeOfRoutesAndTemplatesIsOneLineOfTheAuditLog() throws Exception {
        Logger audit = (Logger) LoggerFactory.getLogger(AuditLog.NAME);
        log.list.clear();
        logger.detachAppender(log);
        audit.setLevel(Level.INFO);
        audit.addAppender(log);
        try {
            put("hunter2");
            put("file:" + outside);
            james.send("PATCH", SALES, "{\"port\": 26}");
            james.send("DELETE", SALES, "");
            james.send("DELETE", SALES, "");
            james.send("PUT", "/outgoing/templates/failure.de", "Subject: x\n\nNicht zugestellt.\n");
            james.send("PUT", "/outgoing/templates/failure.de", "no subject");
            james.send("DELETE", "/outgoing/templates/failure.de", "");
            assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
                    .containsExactly(
                            "user=- address=127.0.0.1 action=route route=sales.example.com revision=1"
                                    + " options={relayHosts=relay.example, gatewayUsername=u, gatewayPassword=***}",
                            "user=- address=127.0.0.1 action=route route=sales.example.com revision=2"
                                    + " options={relayHosts=relay.example, port=26, gatewayUsername=u,"
                                    + " gatewayPassword=***}",
                            "user=- address=127.0.0.1 action=delete-route route=sales.example.com revision=2",
                            "user=- address=127.0.0.1 action=template template=failure.de revision=1",
                            "user=- address=127.0.0.1 action=delete-template template=failure.de revision=1");
        } finally {
            audit.detachAppender(log);
        }
    }
}
