/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.delivery.World;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.james.AuditTrail;
import org.jamesoutgoing.james.JamesAuditTrail;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.routing.RelayHost;
import org.jamesoutgoing.routing.RouteMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines that RemoteDelivery 3.9 writes into James's audit trail. */
class RemoteDeliveryAuditTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final RouteMode INDEPENDENT = new RouteMode.Independent(25, false);
    private static final String ABOUT = "sender=alice@here.example} Remote delivering mail ";

    private final Logger logger = (Logger) LoggerFactory.getLogger(JamesAuditTrail.class);
    private final List<String> lines = JamesAuditTrail.LINES;
    private RemoteDeliveryAudit audit;
    private Mail mail;

    @BeforeEach
    void aMail() throws Exception {
        lines.clear();
        audit = new RemoteDeliveryAudit(Optional.of(new AuditTrail(JamesAuditTrail.class)));
        mail = World.mail("Mail1", "alice@here.example", "bob@example.org", "carol@example.org");
        mail.getMessage().setHeader("Message-ID", "<1@here.example>");
    }

    @AfterEach
    void written() {
        logger.setLevel(null);
    }

    private void finished(Optional<Instant> next, RecipientReport... outcomes) {
        MailState state = MailState.admitted("id", "Mail1-to-example.org", NOW, mail.getRecipients());
        audit.finished(
                mail,
                state,
                AttemptReport.withoutHost(NOW, "mx1.example.org", true, Duration.ZERO, List.of(outcomes)),
                next);
    }

    private static RecipientReport outcome(String name, Outcome outcome, String reply) throws Exception {
        return RecipientReport.local(
                new MailAddress(name + "@example.org"), outcome, reply.substring(4, 9), reply, NOW);
    }

    @Test
    void aMailIsPlannedWhenItIsAdmitted() throws Exception {
        audit.identify(mail);
        audit.admitted(mail, INDEPENDENT);

        assertThat(lines)
                .containsExactly("mailetcontainer RemoteDelivery {mailId=Mail1, mimeMessageId=<1@here.example>,"
                        + " recipients=[bob@example.org, carol@example.org], " + ABOUT + "planned without gateway.");
    }

    @Test
    void inRelayModeTheGatewaysAreNamed() throws Exception {
        audit.identify(mail);
        audit.admitted(
                mail,
                new RouteMode.Relay(
                        List.of(RelayHost.parse("relay1.example"), RelayHost.parse("relay2.example:587")), false, 25));

        assertThat(lines).hasSize(1).allSatisfy(line -> assertThat(line)
                .contains("{gateways=[relay1.example, relay2.example:587], mailId=Mail1,")
                .endsWith("planned with gateway."));
    }

    @Test
    void aMailWithoutRecipientsIsNotPlanned() throws Exception {
        mail.setRecipients(List.of());
        audit.identify(mail);
        audit.admitted(mail, INDEPENDENT);

        assertThat(lines).isEmpty();
    }

    @Test
    void anAttemptHasALineForEachOutcomeWithItsRecipients() throws Exception {
        audit.identify(mail);
        finished(
                Optional.of(NOW.plusSeconds(60)),
                outcome("bob", Outcome.ACCEPTED, "250 2.0.0 ok"),
                outcome("carol", Outcome.DEFERRED, "450 4.2.1 busy"),
                outcome("dave", Outcome.FAILED, "550 5.1.1 unknown"));

        String mailId = "mailId=Mail1-to-example.org, mimeMessageId=<1@here.example>, recipients=[";
        assertThat(lines)
                .containsExactly(
                        "mailetcontainer RemoteDelivery {" + mailId + "bob@example.org], " + ABOUT + "succeeded.",
                        "mailetcontainer RemoteDelivery {exceptionMessage=450 4.2.1 busy, " + mailId
                                + "carol@example.org], " + ABOUT + "failed temporarily.",
                        "mailetcontainer RemoteDelivery {exceptionMessage=550 5.1.1 unknown, " + mailId
                                + "dave@example.org], " + ABOUT + "failed permanently.");
    }

    @Test
    void theLastAttemptSaysSoToo() throws Exception {
        finished(Optional.empty(), outcome("bob", Outcome.DEFERRED, "450 4.2.1 busy"));

        assertThat(lines)
                .extracting(line -> line.replaceAll(".*} ", ""))
                .containsExactly(
                        "Remote delivering mail failed temporarily.",
                        "Remote delivering mail failed after maximum retries.");
    }

    @Test
    void nothingIsWrittenOrLeftOnTheMailWhereTheLogLeavesItOutOrJamesHasNone() throws Exception {
        logger.setLevel(Level.WARN);
        for (RemoteDeliveryAudit silent : List.of(audit, new RemoteDeliveryAudit(AuditTrail.ofJames()))) {
            silent.identify(mail);
            silent.admitted(mail, INDEPENDENT);
        }
        finished(Optional.empty(), outcome("bob", Outcome.DEFERRED, "450 4.2.1 busy"));

        assertThat(lines).isEmpty();
        assertThat(mail.attributeNames()).extracting(name -> name.asString()).noneMatch(name -> name.contains("audit"));
    }
}
