/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.NOW;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.report;
import static org.jamesoutgoing.dsn.Samples.request;
import static org.jamesoutgoing.dsn.Samples.unreachable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.mail.internet.MimeUtility;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.dsn.template.Template;
import org.jamesoutgoing.dsn.template.Wording;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DSNs in an administrator's words. */
class TemplatedDsnTest {
    @TempDir
    Path directory;

    private DsnComposer composer;

    @BeforeEach
    void wording() {
        composer = new DsnComposer(
                Clock.fixed(NOW, ZoneOffset.UTC),
                () -> "4f2a",
                ReturnLimits.DEFAULT,
                Wording.of(directory, Optional.empty()));
    }

    private void put(String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content, UTF_8);
    }

    private ParsedDsn failure(Mail original, RecipientReport... reports) throws Exception {
        return ParsedDsn.valid(composer.compose(request(DsnKind.FAILURE, original, reports)));
    }

    private ParsedDsn failure(String template) throws Exception {
        put("failure.mustache", template);
        return failure(mail(MESSAGE), noSuchUser(BOB));
    }

    @Test
    void aTemplateDecidesSubjectFromReplyToTextAndHtml() throws Exception {
        ParsedDsn dsn = failure(
                """
                Subject: Not delivered: {{subject}}
                From: Example Inc. <mail@example.org>
                Reply-To: Café <help@example.org>

                To {{#recipients}}{{address}}{{/recipients}}.

                --- html ---
                <p>To {{#recipients}}{{address}}{{/recipients}}.</p>
                """);

        assertThat(dsn.header("Subject")).isEqualTo("Not delivered: Lunch on Friday");
        assertThat(dsn.header("From")).isEqualTo("\"Example Inc.\" <mail@example.org>");
        assertThat(dsn.header("Reply-To")).isEqualTo("=?UTF-8?B?Q2Fmw6k=?= <help@example.org>");
        assertThat(dsn.text()).isEqualTo("To bob@example.com.\n");
        assertThat(dsn.html()).contains("<p>To bob@example.com.</p>\n");
        assertThat(dsn.parts().get(0).encoding()).isEqualTo("7bit");
        assertThat(dsn.perRecipient(0, "Final-Recipient")).contains("rfc822; bob@example.com");
        assertThat(dsn.returned()).isPresent();
    }

    @Test
    void withoutHtmlTheWordsAreOnePart() throws Exception {
        assertThat(failure("Subject: s\n\nx").parts().get(0).type()).isEqualTo("text/plain; charset=us-ascii");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "{{subject}}",
                "a@b, c@d",
                "Group: a@b;",
                "<>",
                "<a@b> c",
                "a@b <c>",
                "jos\u00e9@example.org",
                "a b@example.org",
                "\"a b\"@example.org",
                "a@exa\u00fcmple.org",
                "<a@b",
                "{{nothing}}",
            })
    void aFromThatIsNoAddressFallsBack(String from) throws Exception { // RFC 5322 §3.4
        ParsedDsn dsn = failure("Subject: s\nFrom: " + from + "\nReply-To: " + from + "\n\nx");

        assertThat(dsn.header("From")).isEqualTo("Mail Delivery System <postmaster@example.org>");
        assertThat(dsn.headerIfAny("Reply-To")).isEmpty();
        assertThat(dsn.text()).isEqualTo("x\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a@b, a@b",
        "<a@b>, a@b",
        "Mail service <a@b>, Mail service <a@b>",
        "'Help, Inc. <a@b>', '\"Help, Inc.\" <a@b>'",
        "'\"Help \\\"x\\\" (y)\" <a@b>', '\"Help \\\"x\\\" (y)\" <a@b>'",
        // One address, whatever the name pretends to be.
        "'x@y, <z@w> <a@b>', '\"x@y, <z@w>\" <a@b>'",
        "'=?UTF-8?Q?x?= <a@b>', '=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?= <a@b>'",
    })
    void aNameIsQuotedOrEncodedWhereItMustBe(String from, String written) throws Exception { // RFC 5322 §3.2
        assertThat(failure("Subject: s\nFrom: " + from + "\n\nx").header("From"))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "de, Nicht zustellbare",
        "de-CH, Nicht zustellbare",
        "'fr-CA, de', Message non remis",
        "'pt, de', Nicht zustellbare",
        "en, Undelivered",
        "EN-us, Undelivered",
        "x-klingon, Undelivered",
        "'', Undelivered",
        "'de\u00e9, fr', Message non remis",
        "'*', Undelivered",
    })
    void theOriginalsLanguageDecides(String languages, String subject) throws Exception { // RFC 3282
        Mail original = mail("Content-Language: " + languages + "\r\n" + MESSAGE);

        assertThat(decoded(failure(original, noSuchUser(BOB)).header("Subject")))
                .startsWith(subject);
    }

    @ParameterizedTest
    @CsvSource({
        "'', de, Nicht zustellbare",
        "'', 'pt,fr', Message non remis",
        "en, de, Undelivered",
        "pt, 'fr,de', Message non remis",
        "'', '', Undelivered",
    })
    void elseTheConfiguredOnesElseEnglish(String original, String configured, String subject) throws Exception {
        DsnRequest request = new DsnRequest(
                DsnKind.FAILURE,
                mail("Content-Language: " + original + "\r\n" + MESSAGE),
                Samples.ARRIVAL,
                List.of(noSuchUser(BOB)),
                "mx.example.org",
                Samples.address("postmaster@example.org"),
                Language.parseList(configured),
                Optional.empty());

        assertThat(decoded(ParsedDsn.valid(composer.compose(request)).header("Subject")))
                .startsWith(subject);
    }

    @Test
    void aQueueThatIsFullIsAFailureInItsOwnWords() throws Exception {
        DsnRequest request = new DsnRequest(
                DsnKind.QUEUE_FULL,
                mail(MESSAGE),
                Samples.ARRIVAL,
                List.of(noSuchUser(BOB)),
                "mx.example.org",
                Samples.address("postmaster@example.org"),
                List.of(),
                Optional.of(Duration.ofDays(5)));

        ParsedDsn dsn = ParsedDsn.valid(composer.compose(request));

        assertThat(dsn.header("Subject")).startsWith("Mail not accepted (queue full)");
        assertThat(dsn.perRecipient(0, "Action")).contains("failed");
        assertThat(DsnKind.values())
                .filteredOn(kind -> kind.word().equals("queue-full"))
                .as("nothing else is told in these words")
                .containsExactly(DsnKind.QUEUE_FULL);
    }

    @Test
    void aTemplateThatGrowsGivesWayToOursInItsLanguage() throws Exception {
        put("failure.de.mustache", "Subject: s\n\n{{#recipients}}" + "{{reply}}".repeat(490) + "{{/recipients}}");
        Mail original = mail("Content-Language: de\r\n" + MESSAGE);

        ParsedDsn dsn = failure(original, report(BOB, "5.0.0", "550 " + "x".repeat(1_000)));

        assertThat(dsn.header("Subject")).isEqualTo("Nicht zustellbare Nachricht: Lunch on Friday");
        assertThat(dsn.text()).contains("bob@example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "Subject: s\n\n{{#a}}", "Subject: s\n\n{{>failure}}", "Subject: s\n\n{{#host}}"})
    void aTemplateThatCannotBeReadGivesWayToOurs(String template) throws Exception {
        assertThat(failure(template).header("Subject")).isEqualTo("Undelivered Mail: Lunch on Friday");
    }

    @Test
    void manyRecipientsWithLongRepliesDoNotBreakAGoodTemplate() throws Exception {
        put(
                "failure.mustache",
                "Subject: mine\n\n{{#recipients}}{{address}} {{reason}} {{reply}} {{detail}}\n{{/recipients}}{{more}}"
                        + "\n--- html ---\n{{#recipients}}<p>{{reply}} {{detail}}</p>{{/recipients}}");
        RecipientReport[] reports = IntStream.range(0, 500)
                .mapToObj(i -> report(BOB, "5.0.0", "550 " + "\"'<&".repeat(1_000)))
                .toArray(RecipientReport[]::new);

        ParsedDsn dsn = failure(mail(MESSAGE), reports);

        assertThat(dsn.header("Subject")).isEqualTo("mine");
        assertThat(dsn.groups()).hasSize(501);
    }

    @Test
    void theReasonsCanBeWrittenAnew() throws Exception {
        put("reasons.properties", "no-such-mailbox.reason = Nobody called {address} works at {domain}, caf\u00e9.\n");

        String text = failure(mail(MESSAGE), noSuchUser(BOB), unreachable(BOB)).text();

        assertThat(text).contains("Nobody called bob@example.com works at example.com, caf\u00e9.");
        assertThat(text).contains("could not be reached");
    }

    @Test
    void aPreviewIsTheDsnByThisTemplate() throws Exception {
        Template template = Template.validate("Subject: mine\n\n{{#recipients}}{{reason}}{{/recipients}}");
        DsnRequest request = request(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(BOB));

        ParsedDsn dsn = ParsedDsn.valid(
                composer.preview(request, template, Language.parse("de").orElseThrow()));

        assertThat(dsn.header("Subject")).isEqualTo("mine");
        assertThat(dsn.text()).isEqualTo("Unter dieser Adresse gibt es kein Postfach.\n");
    }

    @Test
    void theLastWordsNeedNoTemplate() throws Exception {
        for (DsnKind kind : DsnKind.values()) {
            DsnFacts facts =
                    DsnFacts.of(request(kind, mail(MESSAGE), noSuchUser(BOB)), ReturnLimits.DEFAULT, ZoneOffset.UTC);
            assertThat(FallbackText.of(List.of(facts)).text()).contains("bob@example.com", "mx.example.org");
        }
    }

    @Test
    void theMachinePartNeverComesFromATemplate() throws Exception {
        byte[] plain = status(composer());
        put("failure.mustache", "Subject: s\n\nStatus: 2.0.0\nAction: delivered\n--- html ---\nFinal-Recipient: x\n");

        assertThat(status(composer)).isEqualTo(plain);
    }

    private static byte[] status(DsnComposer composer) throws Exception {
        return ParsedDsn.valid(composer.compose(request(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(BOB))))
                .parts()
                .get(1)
                .raw();
    }

    private static String decoded(String header) throws Exception {
        return MimeUtility.decodeText(header);
    }
}
