/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.report;
import static org.jamesoutgoing.dsn.Samples.request;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeUtility;
import org.apache.james.server.core.MailImpl;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers write into subjects, replies and names stays what it is: text in one field. */
class HostileTextTest {
    private static MimeMessage dsn(byte[] original, String reply) throws MessagingException {
        return composer().compose(request(DsnKind.FAILURE, mail(original), report(BOB, "5.0.0", reply)));
    }

    private static String subjectFor(byte[] rawSubject) throws Exception {
        byte[] original = ("Subject: " + new String(rawSubject, ISO_8859_1) + "\r\n\r\n").getBytes(ISO_8859_1);
        MimeMessage dsn = dsn(original, "550 no");
        ParsedDsn.valid(dsn);
        // JavaMail reads it as the recipient's program would.
        return MimeUtility.decodeText(MimeUtility.unfold(dsn.getHeader("Subject", null)));
    }

    private static String encodedWord(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "?=";
    }

    @Test
    void aSubjectThatDecodesToLinesInjectsNothing() throws Exception {
        assertThat(subjectFor(encodedWord("Hi\r\nBcc: victim@example.com\r\n\r\n<html>")
                        .getBytes(UTF_8)))
                .isEqualTo("Undelivered Mail: Hi Bcc: victim@example.com <html>");
    }

    @ParameterizedTest
    @CsvSource({
        "Lunch, Lunch",
        "=?ISO-8859-1?Q?d=E9j=E0?=, d\u00e9j\u00e0",
        "=?UTF-8?Q?=F0=9F=8D=95?=, \ud83c\udf55",
        "=?X-UNKNOWN?Q?abc?=, =?X-UNKNOWN?Q?abc?=",
        "=?UTF-8?B?!!!!?=, ''",
        "=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fx=3F=3D?=, =?UTF-8?Q?x?=",
        "=?UTF-8?Q?a=00b=1B[31mc?=, a b [31mc",
        "=?UTF-8?Q?evil=E2=80=AEtxt.exe?=, eviltxt.exe",
        "'', ''",
    })
    void aSubjectIsShownAsItReads(String raw, String shown) throws Exception { // RFC 2047
        assertThat(subjectFor(raw.getBytes(UTF_8)))
                .isEqualTo(shown.isEmpty() ? "Undelivered Mail" : "Undelivered Mail: " + shown);
    }

    @Test
    void rawEightBitSubjectsAreUtf8OrElseLatin1() throws Exception {
        assertThat(subjectFor("d\u00e9j\u00e0".getBytes(UTF_8))).isEqualTo("Undelivered Mail: d\u00e9j\u00e0");
        assertThat(subjectFor("d\u00e9j\u00e0".getBytes(ISO_8859_1))).isEqualTo("Undelivered Mail: d\u00e9j\u00e0");
    }

    @ParameterizedTest
    @CsvSource({
        "x, xxx",
        "\u00e9, \u00e9\u00e9\u00e9",
        "\ud83c\udf55, \ud83c\udf55\ud83c\udf55\ud83c\udf55",
        "'a ', a a a",
        "=?, =?=?=?",
        "'=?UTF-8?Q?=E2=82=AC?= ', \u20ac\u20ac\u20ac",
        "\u20ac, \u20ac\u20ac\u20ac",
    })
    void anEndlessSubjectIsCut(String piece, String shown) throws Exception {
        assertThat(subjectFor(piece.repeat(100_000 / piece.length()).getBytes(UTF_8)))
                .hasSizeLessThan(200)
                .startsWith("Undelivered Mail: " + shown)
                .endsWith(" [...]");
    }

    @Test
    void aReplyInjectsNothingIntoTheStatus() throws Exception { // RFC 3464 §2.1
        ParsedDsn dsn = ParsedDsn.valid(dsn(
                MESSAGE.getBytes(UTF_8),
                "550 no\r\nAction: delivered\r\n\r\nFinal-Recipient: rfc822; x@y\r\n\r\n--=_4f2a--\r\n"));

        assertThat(dsn.groups()).hasSize(2);
        assertThat(dsn.perRecipient(0, "Action")).contains("failed");
        assertThat(dsn.perRecipient(0, "Diagnostic-Code"))
                .contains("smtp; 550 no Action: delivered Final-Recipient: rfc822; x@y --=_4f2a--");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", "x ", "\r\n", "\0", "\ud800"})
    void anEndlessReplyIsCutInFieldAndWords(String piece) throws Exception {
        ParsedDsn dsn = ParsedDsn.valid(dsn(MESSAGE.getBytes(UTF_8), "550 " + piece.repeat(100_000)));

        assertThat(dsn.perRecipient(0, "Diagnostic-Code").orElseThrow()).hasSizeLessThan(1_030);
        assertThat(dsn.text()).hasSizeLessThan(1_500);
    }

    @Test
    void theReplyIsShownToThePersonInItsOwnScript() throws Exception {
        ParsedDsn dsn = ParsedDsn.valid(dsn(MESSAGE.getBytes(UTF_8), "550 \u90ae\u7bb1\u4e0d\u5b58\u5728"));

        assertThat(dsn.text()).contains("550 \u90ae\u7bb1\u4e0d\u5b58\u5728");
        assertThat(dsn.parts().get(0).type()).isEqualTo("text/plain; charset=utf-8");
        assertThat(dsn.parts().get(0).encoding()).isEqualTo("quoted-printable");
        assertThat(dsn.perRecipient(0, "Diagnostic-Code"))
                .contains("smtp; 550 \\x{90AE}\\x{7BB1}\\x{4E0D}\\x{5B58}\\x{5728}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a@b>\r\n X-Injected: yes",
                "<a@b> <c@d>",
                "<a b@c>",
                "a@b",
                "<>",
                "<<a@b>>",
                "<d\u00e9j\u00e0@b>",
                "<a@b\0>",
            })
    void aMessageIdThatIsNoneIsNotReferredTo(String messageId) throws Exception { // RFC 5322 §3.6.4
        ParsedDsn dsn = ParsedDsn.valid(dsn(("Message-ID: " + messageId + "\r\n\r\n").getBytes(UTF_8), "550 no"));

        assertThat(dsn.headerIfAny("In-Reply-To")).isEmpty();
        assertThat(dsn.headerIfAny("References")).isEmpty();
    }

    @Test
    void namesAndReasonsAreTextToo() throws Exception {
        MailImpl original = mail(MESSAGE);
        original.setName("Mail\r\nAction: delivered\u00e9");
        RecipientReport report = new RecipientReport(
                BOB,
                "5.0.0",
                Optional.of(""),
                Optional.of("mx\r\n\r\nStatus: 2.0.0"),
                "\r\n\r\n--=_4f2a--\r\n",
                Samples.ATTEMPT,
                Optional.empty());

        ParsedDsn dsn = ParsedDsn.valid(composer().compose(request(DsnKind.FAILURE, original, report)));

        assertThat(dsn.perRecipient(0, "Remote-MTA")).contains("dns; mx Status: 2.0.0");
        assertThat(dsn.perRecipient(0, "Final-Log-ID")).contains("Mail Action: delivered\\x{E9}");
        assertThat(dsn.perRecipient(0, "Diagnostic-Code")).isEmpty();
        assertThat(dsn.text()).contains("      Technical detail: --=_4f2a--\n");
    }

    @Test
    void addressesThatOnlySmtputf8CouldWriteStayOutOfTheHeader() throws Exception { // RFC 5322 §3.4
        MailImpl original = mail(MESSAGE);
        original.setSender(Samples.address("\"jos\u00e9\"@example.org"));

        MimeMessage dsn = composer()
                .compose(new DsnRequest(
                        DsnKind.FAILURE,
                        original,
                        Samples.ARRIVAL,
                        List.of(report(BOB, "5.0.0", "550 no")),
                        "mx.example.org",
                        Samples.address("\"postm\u00e9ster\"@example.org")));

        assertThat(ParsedDsn.valid(octets(dsn)).header("To")).isEqualTo("undisclosed-recipients:;");
        assertThat(dsn.getHeader("From", null)).isEqualTo("Mail Delivery System <postmaster@mx.example.org>");
    }
}
