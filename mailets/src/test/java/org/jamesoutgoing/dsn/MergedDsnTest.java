/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.request;
import static org.jamesoutgoing.dsn.Samples.unreachable;
import static org.jamesoutgoing.dsn.Samples.withoutMessage;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One DSN about several mails of one sender, against storms. */
class MergedDsnTest {

    private static MailImpl lunch(int number) {
        return mail(MESSAGE.replace("Lunch on Friday", "Lunch " + number).replace("lunch.1@", "lunch." + number + "@"));
    }

    private static byte[] merged(DsnRequest... requests) throws Exception {
        MergedDsn merged = composer().merged();
        for (DsnRequest request : requests) {
            merged.add(request);
            // What is needed of the mail has been read.
            LifecycleUtil.dispose(request.original());
        }
        Mail dsn = composer().composeMail(merged);
        assertThat(dsn.hasSender()).as("RFC 3464 §2: from <>").isFalse();
        assertThat(dsn.getRecipients()).containsExactly(Samples.ALICE);
        return octets(dsn.getMessage());
    }

    private static DsnRequest asked(MailImpl mail, String envelopeId, RecipientReport report) {
        return request(DsnKind.FAILURE, asking(mail, DsnParameters.builder().envId(EnvId.of(envelopeId))), report);
    }

    @Test
    void itHasAGroupForEachRecipientOfEveryMail() throws Exception { // RFC 3464 §2.3
        ParsedDsn dsn = ParsedDsn.validMerged(merged(
                request(DsnKind.FAILURE, lunch(1), noSuchUser(BOB), unreachable(CAROL)),
                request(DsnKind.FAILURE, lunch(2), noSuchUser(BOB))));

        assertThat(dsn.groups()).hasSize(4);
        assertThat(List.of(0, 1, 2))
                .extracting(group -> dsn.perRecipient(group, "Final-Recipient").orElseThrow() + " "
                        + dsn.perRecipient(group, "X-Original-Message-ID").orElseThrow())
                .containsExactly(
                        "rfc822; bob@example.com <lunch.1@example.org>",
                        "rfc822; carol@example.net <lunch.1@example.org>",
                        "rfc822; bob@example.com <lunch.2@example.org>");
        assertThat(dsn.header("References")).isEqualTo("<lunch.1@example.org> <lunch.2@example.org>");
        assertThat(dsn.headerIfAny("In-Reply-To")).isEmpty();
        assertThat(dsn.perMessage("Arrival-Date")).as("the same for all here").isPresent();
    }

    @Test
    void itsWordsNameTheMailOfEachRecipient() throws Exception {
        ParsedDsn dsn = ParsedDsn.validMerged(merged(
                request(DsnKind.FAILURE, lunch(1), noSuchUser(BOB)),
                request(DsnKind.FAILURE, lunch(2), noSuchUser(CAROL))));

        assertThat(dsn.header("Subject")).isEqualTo("Undelivered Mail: 2 messages");
        assertThat(dsn.text())
                .contains("2 of your messages could not be delivered")
                .containsSubsequence("bob@example.com", "Subject: Lunch 1", "carol@example.net", "Subject: Lunch 2")
                .doesNotContain("Your message:", "attached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr"})
    void thereAreWordsInEachLanguage(String language) throws Exception {
        for (DsnKind kind : List.of(DsnKind.FAILURE, DsnKind.DELAY, DsnKind.SUCCESS)) {
            MergedDsn merged = composer().merged();
            for (int i = 1; i <= 2; i++) {
                merged.add(new DsnRequest(
                        kind,
                        lunch(i),
                        Samples.ARRIVAL,
                        List.of(noSuchUser(BOB)),
                        "mx.example.org",
                        Samples.address("postmaster@example.org"),
                        List.of(Language.parse(language).orElseThrow()),
                        Optional.of(Duration.ofDays(5))));
            }
            ParsedDsn dsn =
                    ParsedDsn.validMerged(octets(composer().composeMail(merged).getMessage()));

            assertThat(dsn.text()).contains("2 ", "Lunch 1", "Lunch 2").doesNotContain("{{");
        }
    }

    @Test
    void whatIsNotTheSameForAllIsToldInTheGroups() throws Exception { // RFC 3461 §6.3
        ParsedDsn same = ParsedDsn.validMerged(
                merged(asked(lunch(1), "batch", noSuchUser(BOB)), asked(lunch(2), "batch", noSuchUser(BOB))));
        assertThat(same.perMessage("Original-Envelope-Id")).contains("batch");

        ParsedDsn different = ParsedDsn.validMerged(
                merged(asked(lunch(1), "one", noSuchUser(BOB)), request(DsnKind.FAILURE, lunch(2), noSuchUser(BOB))));
        assertThat(different.perMessage("Original-Envelope-Id")).isEmpty();
        assertThat(different.perRecipient(0, "X-Original-Envelope-ID")).contains("one");
        assertThat(different.perRecipient(1, "X-Original-Envelope-ID")).isEmpty();
    }

    @Test
    void mailsThatArrivedAtDifferentTimesHaveNoCommonArrivalDate() throws Exception {
        DsnRequest later = new DsnRequest(
                DsnKind.FAILURE,
                lunch(2),
                Samples.ARRIVAL.plusSeconds(1),
                List.of(noSuchUser(BOB)),
                "mx.example.org",
                Samples.address("postmaster@example.org"));

        ParsedDsn dsn = ParsedDsn.validMerged(merged(request(DsnKind.FAILURE, lunch(1), noSuchUser(BOB)), later));

        assertThat(dsn.perMessage("Arrival-Date")).isEmpty();
    }

    @Test
    void ofManyMailsAllAreInTheStatusAndTheFirstInTheWords() throws Exception {
        ParsedDsn dsn = ParsedDsn.validMerged(merged(IntStream.range(0, 900)
                .mapToObj(number -> request(
                        DsnKind.FAILURE, lunch(number), noSuchUser(Samples.address("r" + number + "@example.com"))))
                .toArray(DsnRequest[]::new)));

        assertThat(dsn.groups()).hasSize(901);
        assertThat(dsn.text()).contains("Subject: Lunch 99\n", "and 800 more").doesNotContain("Lunch 100\n");
        assertThat(dsn.header("References")).startsWith("<lunch.880@").endsWith("<lunch.899@example.org>");
    }

    @ParameterizedTest
    @EnumSource(DsnKind.class)
    void pythonFindsNoDefectInIt(DsnKind kind) throws Exception {
        JsonNode dsn = PythonEmail.parse(merged(
                request(kind, lunch(1), unreachable(BOB)),
                request(kind, withoutMessage(), unreachable(CAROL)),
                request(kind, mail("Subject: \u00e9\0\r\nbroken".repeat(3_000)), unreachable(CAROL))));

        assertThat(dsn.get("type").textValue()).isEqualTo("multipart/report");
        assertThat(dsn.get("reportType").textValue()).isEqualTo("delivery-status");
        assertThat(dsn.get("defects")).isEmpty();
        dsn.get("parts").forEach(part -> assertThat(part.get("defects")).isEmpty());
        assertThat(dsn.get("parts"))
                .as("RFC 6522 §3: the third part may be missing")
                .hasSize(2);
        JsonNode groups = dsn.get("parts").get(1).get("groups");
        assertThat(groups).hasSize(4);
        assertThat(groups.get(1).get("Final-Recipient").textValue()).isEqualTo("rfc822; bob@example.com");
        assertThat(groups.get(1).get("X-Original-Message-ID").textValue()).isEqualTo("<lunch.1@example.org>");
        assertThat(groups.get(3).get("Action").textValue()).isEqualTo(kind.action());
    }

    @Test
    void itTellsOneThingOnly() {
        MergedDsn merged = composer().merged();
        merged.add(request(DsnKind.FAILURE, lunch(1), noSuchUser(BOB)));

        assertThatThrownBy(() -> merged.add(request(DsnKind.DELAY, lunch(2), unreachable(BOB))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> composer().composeMail(composer().merged()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
