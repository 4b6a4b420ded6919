/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.report;
import static org.jamesoutgoing.dsn.Samples.request;
import static org.jamesoutgoing.dsn.Samples.unreachable;
import static org.jamesoutgoing.dsn.Samples.withoutMessage;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same DSNs read by another parser: what mime4j forgives, Python may not. */
class PythonEmailTest {
    private static JsonNode read(DsnKind kind, Mail original, RecipientReport... reports) throws Exception {
        JsonNode dsn = PythonEmail.parse(octets(composer().compose(request(kind, original, reports))));
        assertThat(dsn.get("type").textValue()).isEqualTo("multipart/report");
        assertThat(dsn.get("reportType").textValue()).isEqualTo("delivery-status");
        assertThat(dsn.get("defects")).isEmpty();
        dsn.get("parts").forEach(part -> assertThat(part.get("defects")).isEmpty());
        return dsn;
    }

    @Test
    void aFailureIsReadWithAllItsFields() throws Exception { // RFC 3464
        Mail original = asking(
                mail(MESSAGE),
                DsnParameters.builder()
                        .envId(EnvId.of("id+2B1"))
                        .addRcptParameter(BOB, RecipientDsnParameters.of(Samples.address("b+2Bb@example.com"))));

        JsonNode dsn = read(DsnKind.FAILURE, original, noSuchUser(BOB), report(CAROL, "5.2.2", "552 full"));

        assertThat(dsn.get("date").textValue()).isEqualTo("2026-03-01T09:30:01+00:00");
        assertThat(dsn.get("header").get("From").textValue())
                .isEqualTo("Mail Delivery System <postmaster@example.org>");
        assertThat(dsn.get("header").get("Subject").textValue()).isEqualTo("Undelivered Mail: Lunch on Friday");
        assertThat(dsn.get("parts")).hasSize(3);
        assertThat(dsn.get("parts").get(0).get("text").textValue()).contains("bob@example.com", "552 full");
        JsonNode groups = dsn.get("parts").get(1).get("groups");
        assertThat(groups).hasSize(3);
        assertThat(groups.get(0).toString())
                .isEqualTo("{\"Original-Envelope-Id\":\"id+1\",\"Reporting-MTA\":\"dns; mx.example.org\","
                        + "\"Arrival-Date\":\"Sun, 1 Mar 2026 08:00:00 +0000\"}");
        assertThat(groups.get(1).toString())
                .isEqualTo("{\"Original-Recipient\":\"rfc822; b+b@example.com\","
                        + "\"Final-Recipient\":\"rfc822; bob@example.com\","
                        + "\"Action\":\"failed\",\"Status\":\"5.1.1\",\"Remote-MTA\":\"dns; mail.example.com\","
                        + "\"Diagnostic-Code\":\"smtp; 550 5.1.1 No such user\","
                        + "\"Last-Attempt-Date\":\"Sun, 1 Mar 2026 09:30:00 +0000\","
                        + "\"Final-Log-ID\":\"Mail1772352000000-abc\"}");
        assertThat(groups.get(2).get("Diagnostic-Code").textValue()).isEqualTo("smtp; 552 full");
        assertThat(dsn.get("parts").get(2).get("subject").textValue()).isEqualTo("Lunch on Friday");
    }

    @ParameterizedTest
    @EnumSource(DsnKind.class)
    void eachKindNamesItsAction(DsnKind kind) throws Exception { // RFC 3464 §2.3.3
        JsonNode dsn = read(kind, mail(MESSAGE), unreachable(BOB));

        assertThat(dsn.get("parts").get(1).get("groups").get(1).get("Action").textValue())
                .isEqualTo(kind.action());
        assertThat(dsn.get("parts").get(2).get("type").textValue())
                .isEqualTo(kind.isFailure() ? "message/rfc822" : "text/rfc822-headers");
    }

    @Test
    void foreignScriptsArriveUnharmed() throws Exception { // RFC 2047
        String subject = "\u041e\u0431\u0435\u0434 \u0432 \u043f\u044f\u0442\u043d\u0438\u0446\u0443 "
                .repeat(4)
                .strip();
        Mail original = mail(MESSAGE.replace("Lunch on Friday", subject));

        JsonNode dsn = read(DsnKind.DELAY, original, report(BOB, "4.2.2", "452 \u043f\u043e\u043b\u043e\u043d"));

        assertThat(dsn.get("header").get("Subject").textValue())
                .isEqualTo("Delayed Mail (still being retried): " + subject);
        assertThat(dsn.get("parts").get(0).get("text").textValue())
                .contains("452 \u043f\u043e\u043b\u043e\u043d")
                .contains("Subject: \u041e\u0431\u0435\u0434");
    }

    @Test
    void longAndHostileValuesCauseNoDefect() throws Exception {
        String hostile = "550 " + "word \u00e9\0\r\nAction: delivered\r\n\r\n".repeat(2_000) + "x".repeat(5_000);

        JsonNode dsn = read(DsnKind.FAILURE, withoutMessage(), report(BOB, "5.7.1", hostile));

        assertThat(dsn.get("parts")).hasSize(2);
        assertThat(dsn.get("parts").get(1).get("groups")).hasSize(2);
        assertThat(dsn.get("parts").get(1).get("groups").get(1).get("Action").textValue())
                .isEqualTo("failed");
    }
}
