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
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.delivery.Suspensions;
import org.jamesoutgoing.service.ControlCodec;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.store.JsonStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What is not delivered for a while, said by webadmin. */
class SuspensionResourceTest {

    private static final String BASE = "/outgoing/suspensions";
    private static final String SERVICE = BASE + "/service";
    private static final String DOMAIN = BASE + "/domains/example.com";
    private static final String HOST = BASE + "/hosts/mx1.example.com";

    @TempDir
    Path james;

    private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
    private RunningServices services;

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(AuditLog.NAME)).detachAppender(audit);
        services.close();
    }

    private OutgoingMailService start(boolean enabled) throws Exception {
        services = new RunningServices(JsonStore.at(james.resolve("outgoing-controls.json"), new ControlCodec()));
        return services.start("outgoing", Map.of("enabled", String.valueOf(enabled)));
    }

    private void assertAnswered(int status, String method, String path, String body) throws Exception {
        HttpResponse<String> answer = services.send(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private JsonNode list() throws Exception {
        return Webadmin.json(services.get(BASE));
    }

    private static Suspensions suspensions(OutgoingMailService service) {
        return service.controls().suspensions();
    }

    @ParameterizedTest
    @ValueSource(strings = {SERVICE, DOMAIN, HOST})
    void itIsMadeChangedAndEnded(String path) throws Exception {
        OutgoingMailService service = start(true);
        assertAnswered(404, "DELETE", path, "");
        assertAnswered(201, "PUT", path, "");
        assertAnswered(204, "PUT", path, "{\"reason\": \"moving\", \"for\": \"2h\"}");
        assertThat(suspensions(service)).isNotEqualTo(Suspensions.NONE);
        assertAnswered(204, "DELETE", path, "");
        assertThat(suspensions(service)).isEqualTo(Suspensions.NONE);
        assertAnswered(404, "DELETE", path, "");
    }

    @Test
    void theyAreListedWithReasonBeginAndEnd() throws Exception {
        start(true);
        assertThat(list().toString()).isEqualTo("{\"queue\":\"outgoing\",\"domains\":{},\"hosts\":{}}");
        assertAnswered(201, "PUT", SERVICE, "{\"reason\": \"new machine\", \"until\": \"2999-12-01T00:00:00Z\"}");
        assertAnswered(201, "PUT", BASE + "/domains/B%C3%9CCHER.example", "{\"for\": \"2h\"}");
        assertAnswered(201, "PUT", BASE + "/hosts/2001:DB8::1", "");
        JsonNode list = list();
        assertThat(list.at("/service/reason").asText()).isEqualTo("new machine");
        assertThat(list.at("/service/until").asText()).isEqualTo("2999-12-01T00:00:00Z");
        JsonNode domain = list.get("domains").get("xn--bcher-kva.example");
        assertThat(Duration.between(
                        Instant.parse(domain.get("since").asText()),
                        Instant.parse(domain.get("until").asText())))
                .isEqualTo(Duration.ofHours(2));
        assertThat(domain.get("reason").asText()).isEqualTo("suspended by webadmin");
        assertThat(list.get("hosts").fieldNames()).toIterable().containsExactly("2001:db8::1");
    }

    @Test
    void theyAreKeptOverARestart() throws Exception {
        Suspensions before = suspensions(start(true));
        assertAnswered(201, "PUT", SERVICE, "{\"reason\": \"a\"}");
        assertAnswered(201, "PUT", DOMAIN, "{\"reason\": \"b\", \"for\": \"1d\"}");
        assertAnswered(201, "PUT", HOST, "{\"reason\": \"c\"}");
        Suspensions made = suspensions(services.services().services().get("outgoing"));
        services.close();
        assertThat(suspensions(start(true))).isEqualTo(made).isNotEqualTo(before);
        assertAnswered(204, "DELETE", HOST, "");
        services.close();
        assertThat(suspensions(start(true)).hosts()).isEmpty();
        assertThat(list().get("domains").fieldNames()).toIterable().containsExactly("example.com");
    }

    @Test
    void enabledFalseIsASuspensionThatAResumeOverridesForGood() throws Exception {
        start(false);
        assertThat(list().at("/service/reason").asText()).isEqualTo("enabled=false");
        assertAnswered(204, "DELETE", SERVICE, "");
        assertAnswered(404, "DELETE", SERVICE, "");
        services.close();
        assertThat(suspensions(start(false))).isEqualTo(Suspensions.NONE);
        assertAnswered(201, "PUT", SERVICE, "{\"reason\": \"again\"}");
        services.close();
        assertThat(suspensions(start(false)).service().map(Suspension::reason)).contains("again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service | {'until': '2020-01-01T00:00:00Z'} | 'until' is '2020-01-01T00:00:00Z'; allowed: a time within 365000 days to come",
                "service | {'until': 'tomorrow'} | 'until' is 'tomorrow'; allowed: a time within 365000 days to come",
                "service | {'for': '2'} | 'for' is '2'; allowed: a time with its unit",
                "service | {'for': '2h', 'until': '2999-01-01T00:00:00Z'} | say the same",
                "service | {'reason': 'two\\nlines'} | 'reason' is 'two lines'; allowed: one line",
                "service | {'because': 'x'} | 'because' is no field of this request; allowed: reason, until, for",
                "service | no JSON | the body is no JSON",
                "domains/a..b | {} | 'domain' is 'a..b'; allowed: a domain",
                "domains/*.example | {} | allowed: a domain, such as example.com; not its subdomains",
                "hosts/a%20b | {} | 'host' is 'a b'; allowed: the name or the address of a host",
                "service?queues=x | {} | 'queues' is no parameter",
            })
    void aMistakeIsNamedAndChangesNothing(String path, String body, String said) throws Exception {
        OutgoingMailService service = start(true);
        HttpResponse<String> answer = services.send("PUT", BASE + "/" + path, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(Webadmin.json(answer).get("details").asText()).contains(said.trim());
        assertThat(suspensions(service)).isEqualTo(Suspensions.NONE);
    }

    @Test
    void eachChangeIsOneLineOfTheAuditLog() throws Exception {
        start(true);
        audit.start();
        ((Logger) LoggerFactory.getLogger(AuditLog.NAME)).setLevel(Level.INFO);
        ((Logger) LoggerFactory.getLogger(AuditLog.NAME)).addAppender(audit);
        assertAnswered(201, "PUT", DOMAIN, "{\"reason\": \"moving\", \"until\": \"2999-12-01T00:00:00Z\"}");
        assertAnswered(204, "DELETE", DOMAIN, "");
        assertAnswered(404, "DELETE", DOMAIN, "");
        assertAnswered(204, "PATCH", "/outgoing/limits", "{\"mails\": 7, \"size\": null}");
        assertAnswered(400, "PATCH", "/outgoing/limits", "{\"mails\": -7}");
        assertAnswered(204, "DELETE", "/outgoing/limits", "");
        assertThat(List.copyOf(audit.list).stream().map(ILoggingEvent::getFormattedMessage))
                .containsExactly(
                        "user=- address=127.0.0.1 action=suspend queue=outgoing what=domain:example.com"
                                + " until=2999-12-01T00:00:00Z because=moving",
                        "user=- address=127.0.0.1 action=resume queue=outgoing what=domain:example.com",
                        "user=- address=127.0.0.1 action=limit queue=outgoing mails=7 size=file",
                        "user=- address=127.0.0.1 action=limit queue=outgoing all=file");
    }
}
