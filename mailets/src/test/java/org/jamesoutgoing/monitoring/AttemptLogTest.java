/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Mail;
import org.jamesoutgoing.delivery.AttemptReport;
import org.jamesoutgoing.delivery.World;
import org.jamesoutgoing.dsn.RecipientReport;
import org.jamesoutgoing.dsn.RecipientReport.Outcome;
import org.jamesoutgoing.queue.MailState;
import org.jamesoutgoing.smtp.Timings;
import org.jamesoutgoing.smtp.TransactionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The line that an attempt leaves behind. */
class AttemptLogTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("org.jamesoutgoing.attempt");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final AttemptLog attempts = new AttemptLog("outgoing");

    @BeforeEach
    void listen() {
        log.start();
        LOGGER.addAppender(log);
    }

    @AfterEach
    void listenNoLonger() {
        LOGGER.detachAppender(log);
    }

    private List<String> lines(String sender, Optional<Instant> next, RecipientReport... outcomes) throws Exception {
        Mail mail = World.mail("Mail1-to-example.org", sender, "bob@example.org");
        MailState state = MailState.admitted("id", mail.getName(), NOW.minusMillis(75_250), mail.getRecipients());
        attempts.finished(
                mail,
                state,
                new AttemptReport(
                        NOW,
                        "mx1.example.org,mx2.example.org",
                        true,
                        true,
                        false,
                        false,
                        Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"),
                        Duration.ofMillis(2),
                        new Timings(Duration.ofMillis(31), Duration.ofMillis(48), Duration.ofMillis(1204)),
                        List.of(outcomes)),
                next);
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static RecipientReport outcome(String recipient, Outcome outcome, String reply) throws Exception {
        return RecipientReport.of(
                new MailAddress(recipient),
                outcome,
                reply.substring(4, 9),
                Optional.of(reply),
                Optional.of("mx1.example.org[192.0.2.1]"),
                Optional.of("mx1.example.org[192.0.2.1]"),
                Optional.of(TransactionStage.RCPT.word()),
                reply,
                NOW);
    }

    @Test
    void aLineSaysAllThereIsToSay() throws Exception {
        assertThat(lines(
                        "alice@here.example",
                        Optional.of(NOW.plusSeconds(300)),
                        outcome("bob@example.org", Outcome.DEFERRED, "450 4.2.1 mailbox \"busy\"")))
                .containsExactly("mail=Mail1-to-example.org queue=outgoing sender=alice@here.example to=bob@example.org"
                        + " nexthop=mx1.example.org,mx2.example.org host=mx1.example.org address=192.0.2.1"
                        + " tls=TLSv1.3/TLS_AES_256_GCM_SHA384 stage=rcpt outcome=deferred status=4.2.1"
                        + " reason=remote attempt=0 delay=75.250 delays=0.002/0.031/0.048/1.204"
                        + " next=2026-03-01T12:05:00Z reply=\"450 4.2.1 mailbox \\\"busy\\\"\"");
    }

    @Test
    void onlyWhatWasNotAcceptedHasAReasonAndOnlyWhatIsDeferredANextAttempt() throws Exception {
        Map<String, String> accepted = LogLineTest.parse(
                lines("", Optional.empty(), outcome("bob@example.org", Outcome.ACCEPTED, "250 2.0.0 ok"))
                        .get(0));

        assertThat(accepted)
                .containsEntry("sender", "<>")
                .containsEntry("outcome", "accepted")
                .containsEntry("reason", "-")
                .containsEntry("next", "-");
    }

    @Test
    void deferredForTheLastTimeIsNeverTriedAgain() throws Exception {
        String line = lines("", Optional.empty(), outcome("bob@example.org", Outcome.DEFERRED, "450 4.2.0 later"))
                .get(0);
        assertThat(LogLineTest.parse(line)).containsEntry("next", "never");
    }

    @Test
    void whoWasToldTheSameSharesALine() throws Exception {
        List<String> lines = lines(
                "",
                Optional.of(NOW),
                outcome("a@example.org", Outcome.FAILED, "550 5.1.1 no a"),
                outcome("b@example.org", Outcome.ACCEPTED, "250 2.1.5 ok"),
                outcome("c@example.org", Outcome.FAILED, "550 5.1.1 no c"),
                outcome("d@example.org", Outcome.FAILED, "552 5.2.2 full"));

        assertThat(lines.stream()
                        .map(line -> LogLineTest.parse(line).get("to") + " "
                                + LogLineTest.parse(line).get("reason")))
                .containsExactly(
                        "a@example.org,c@example.org mailbox-unknown", "b@example.org -", "d@example.org mailbox-full");
    }

    @Test
    void aThousandRecipientsDoNotMakeALongLine() throws Exception {
        RecipientReport[] outcomes = IntStream.range(0, 1000)
                .mapToObj(i -> {
                    try {
                        return outcome("user" + i + "@example.org", Outcome.ACCEPTED, "250 2.1.5 ok");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toArray(RecipientReport[]::new);

        List<String> lines = lines("", Optional.empty(), outcomes);

        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).hasSizeLessThan(1000).contains(",user19@example.org,+980 ");
    }

    @Test
    void aQuotedLocalPartStaysInItsField() throws Exception {
        String line = lines(
                        "",
                        Optional.empty(),
                        outcome("\"x outcome=accepted\"@example.org", Outcome.FAILED, "550 5.1.1 no"))
                .get(0);
        assertThat(LogLineTest.parse(line))
                .containsEntry("to", "\"x outcome=accepted\"@example.org")
                .containsEntry("outcome", "failed");
    }

    @Test
    void whereNoHostWasAskedThereIsNone() throws Exception {
        String line = lines(
                        "",
                        Optional.of(NOW),
                        RecipientReport.local(
                                new MailAddress("bob@example.org"),
                                Outcome.DEFERRED,
                                "4.4.3",
                                "cannot be looked up",
                                NOW))
                .get(0);
        assertThat(LogLineTest.parse(line))
                .containsEntry("host", "-")
                .containsEntry("address", "-")
                .containsEntry("stage", "-")
                .containsEntry("reason", "dns")
                .containsEntry("reply", "cannot be looked up");
    }
}
