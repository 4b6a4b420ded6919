/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.dsn.Samples.ALICE;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.NOW;
import static org.jamesoutgoing.dsn.Samples.address;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.report;
import static org.jamesoutgoing.dsn.Samples.request;
import static org.jamesoutgoing.dsn.Samples.unreachable;

import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MaybeSender;
import org.apache.james.lifecycle.api.LifecycleUtil;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.EnvId;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DsnComposerTest {
    private static ParsedDsn dsn(DsnKind kind, Mail original, RecipientReport... reports) throws MessagingException {
        return ParsedDsn.valid(composer().compose(request(kind, original, reports)));
    }

    @Test
    void theHeaderIsItsOwnAndAnswersTheOriginal() throws Exception { // RFC 3834 §5
        ParsedDsn dsn = dsn(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(BOB));

        assertThat(dsn.header("Date")).isEqualTo("Sun, 1 Mar 2026 09:30:01 +0000");
        assertThat(dsn.header("From")).isEqualTo("Mail Delivery System <postmaster@example.org>");
        assertThat(dsn.header("To")).isEqualTo("<alice@example.org>");
        assertThat(dsn.header("Subject")).isEqualTo("Undelivered Mail: Lunch on Friday");
        assertThat(dsn.header("Message-ID")).isEqualTo("<4f2a@mx.example.org>");
        assertThat(dsn.header("In-Reply-To")).isEqualTo("<lunch.1@example.org>");
        assertThat(dsn.header("References")).isEqualTo("<lunch.1@example.org>");
        assertThat(dsn.header("Auto-Submitted")).isEqualTo("auto-replied");
    }

    @ParameterizedTest
    @CsvSource({
        "FAILURE, Undelivered Mail",
        "DELAY, Delayed Mail (still being retried)",
        "SUCCESS, Relayed Mail",
    })
    void theSubjectSaysWhatHappenedEvenWhenTheOriginalHasNone(DsnKind kind, String subject) throws Exception {
        Mail original = mail("From: <alice@example.org>\r\n\r\nHello\r\n");

        assertThat(dsn(kind, original, unreachable(BOB)).header("Subject")).isEqualTo(subject);
    }

    @Test
    void datesAreWrittenInTheZoneOfTheClock() throws Exception { // RFC 5322 §3.3
        DsnComposer tokyo = new DsnComposer(Clock.fixed(NOW, ZoneId.of("Asia/Tokyo")), () -> "1");

        ParsedDsn dsn = ParsedDsn.valid(tokyo.compose(request(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(BOB))));

        assertThat(dsn.header("Date")).isEqualTo("Sun, 1 Mar 2026 18:30:01 +0900");
        assertThat(dsn.perMessage("Arrival-Date")).contains("Sun, 1 Mar 2026 17:00:00 +0900");
    }

    @Test
    void thePersonReadsWhatHappenedToWhomWhyAndWhatToDo() throws Exception {
        assertThat(dsn(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(BOB)).text())
                .isEqualTo(
                        """
                        This is the mail server mx.example.org.

                        Your message could not be delivered to the address below. We have given
                        up and will not try again.

                          bob@example.com
                              There is no mailbox with this address.
                              Please check the address for typing mistakes, or ask the recipient
                              for the right one.
                              The other server (mail.example.com) answered:
                                  550 5.1.1 No such user

                        Your message:
                          Subject: Lunch on Friday
                          Written: Sun, 1 Mar 2026 09:00:00 +0100
                          Received here: Sunday, 1 March 2026 at 08:00 (UTC+00:00)
                          Size: 185 bytes
                          It is attached.

                        If you need help, write to postmaster@example.org and send this
                        notification along. The technical details for an administrator are in
                        its second part.
                        """);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "5.1.1, Please check the address",
        "5.2.2, when the recipient has made room",
        "5.3.4, Please send a smaller message",
        "4.4.7, Please try again later",
        "5.4.4, please try again later",
        "5.7.25, Please pass this",
    })
    void theStatusDecidesWhatTheSenderIsAdvisedToDo(String status, String advice) throws Exception { // RFC 3463 §3
        assertThat(dsn(DsnKind.FAILURE, mail(MESSAGE), report(BOB, status, "451 no"))
                        .text()
                        .replaceAll("\\s+", " "))
                .contains(advice);
    }

    @Test
    void aDelayTellsHowLongWeGoOn() throws Exception {
        assertThat(dsn(DsnKind.DELAY, mail(MESSAGE), unreachable(BOB)).text())
                .contains(
                        """
                        Your message could not be delivered to the address below yet. You need
                        not send it again: we keep trying until Friday, 6 March 2026 at 08:00
                        (UTC+00:00).

                          bob@example.com
                              The mail server of the domain example.com could not be reached.
                              Technical detail: No server of example.com could be reached.

                        Your message:
                        """)
                .contains("Its headers are attached.");
    }

    @Test
    void thousandsOfRecipientsAreAllReportedButNotAllListedInWords() throws Exception {
        RecipientReport[] reports = IntStream.range(0, 2_000)
                .mapToObj(i -> noSuchUser(address("user" + i + "@example.com")))
                .toArray(RecipientReport[]::new);

        ParsedDsn dsn = dsn(DsnKind.FAILURE, mail(MESSAGE), reports);

        assertThat(dsn.groups()).hasSize(2_001);
        assertThat(dsn.text())
                .contains("the addresses below", "user99@", "and 1900 more")
                .doesNotContain("user100@");
    }

    @Test
    void eachRecipientHasAGroupWithItsOwnDiagnostic() throws Exception { // RFC 3464 §2.3
        ParsedDsn dsn = dsn(
                DsnKind.FAILURE,
                mail(MESSAGE),
                report(BOB, "5.1.1", "550 5.1.1 No such user"),
                report(CAROL, "5.2.2", "552 5.2.2 Mailbox full"));

        assertThat(dsn.perMessage("Reporting-MTA")).contains("dns; mx.example.org");
        assertThat(dsn.perMessage("Arrival-Date")).contains("Sun, 1 Mar 2026 08:00:00 +0000");
        assertThat(dsn.perMessage("Original-Envelope-Id")).isEmpty();
        assertThat(dsn.perRecipient(0, "Final-Recipient")).contains("rfc822; bob@example.com");
        assertThat(dsn.perRecipient(0, "Action")).contains("failed");
        assertThat(dsn.perRecipient(0, "Status")).contains("5.1.1");
        assertThat(dsn.perRecipient(0, "Remote-MTA")).contains("dns; mail.example.com");
        assertThat(dsn.perRecipient(0, "Diagnostic-Code")).contains("smtp; 550 5.1.1 No such user");
        assertThat(dsn.perRecipient(0, "Last-Attempt-Date")).contains("Sun, 1 Mar 2026 09:30:00 +0000");
        assertThat(dsn.perRecipient(0, "Final-Log-ID")).contains("Mail1772352000000-abc");
        assertThat(dsn.perRecipient(0, "Original-Recipient")).isEmpty();
        assertThat(dsn.perRecipient(0, "Will-Retry-Until")).isEmpty();
        assertThat(dsn.perRecipient(1, "Final-Recipient")).contains("rfc822; carol@example.net");
        assertThat(dsn.perRecipient(1, "Status")).contains("5.2.2");
        assertThat(dsn.perRecipient(1, "Diagnostic-Code")).contains("smtp; 552 5.2.2 Mailbox full");
    }

    @Test
    void onlyADelaySaysUntilWhen() throws Exception { // RFC 3464 §2.3.9
        assertThat(dsn(DsnKind.DELAY, mail(MESSAGE), unreachable(BOB)).perRecipient(0, "Will-Retry-Until"))
                .contains("Fri, 6 Mar 2026 08:00:00 +0000");
        assertThat(dsn(DsnKind.FAILURE, mail(MESSAGE), unreachable(BOB)).perRecipient(0, "Will-Retry-Until"))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} of status {1}: {2}, {3}")
    @CsvSource({
        "FAILURE, 5.7.1,    failed,  5.7.1",
        "FAILURE, 4.4.7,    failed,  4.4.7",
        "FAILURE, 2.0.0,    failed,  5.0.0",
        "FAILURE, 5.01.1,   failed,  5.0.0",
        "FAILURE, '',       failed,  5.0.0",
        "FAILURE, '5.1.1\r\nX: y', failed, 5.0.0",
        "FAILURE, 5.1000.1, failed,  5.0.0",
        "DELAY,   4.4.1,    delayed, 4.4.1",
        "DELAY,   5.4.1,    delayed, 4.0.0",
        "SUCCESS, 2.1.5,    relayed, 2.1.5",
        "SUCCESS, 250,      relayed, 2.0.0",
    })
    void theStatusIsWellFormedAndFitsTheAction(DsnKind kind, String status, String action, String shown)
            throws Exception { // RFC 3464 §2.3.4
        ParsedDsn dsn = dsn(kind, mail(MESSAGE), report(BOB, status, "250 ok"));

        assertThat(dsn.perRecipient(0, "Action")).contains(action);
        assertThat(dsn.perRecipient(0, "Status")).contains(shown);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "550 5.1.1 No such user        | smtp; 550 5.1.1 No such user",
                "550                           | smtp; 550",
                "'550-one\r\n550-two\r\n550 three' | smtp; 550-one 550-two 550 three",
                "connection timed out          | X-James-Outgoing; connection timed out",
                "5501 strange                  | X-James-Outgoing; 5501 strange",
                "554 caf\u00e9 ferm\u00e9      | smtp; 554 caf\\x{E9} ferm\\x{E9}",
            })
    void aDiagnosticIsSmtpOnlyWhenItIsAReply(String reply, String diagnostic) throws Exception { // RFC 3461 §9.2
        assertThat(dsn(DsnKind.FAILURE, mail(MESSAGE), report(BOB, "5.0.0", reply))
                        .perRecipient(0, "Diagnostic-Code"))
                .contains(diagnostic);
    }

    @Test
    void theRemoteMtaIsANameWithoutItsAddress() throws Exception { // RFC 3464 §2.1.2
        RecipientReport withAddress = new RecipientReport(
                BOB,
                "5.1.1",
                Optional.of("550 5.1.1 No such user"),
                Optional.of("mail.example.com[192.0.2.1]"),
                "no such user",
                NOW,
                Optional.empty());

        assertThat(dsn(DsnKind.FAILURE, mail(MESSAGE), withAddress).perRecipient(0, "Remote-MTA"))
                .contains("dns; mail.example.com");
    }

    @Test
    void withoutAReplyThereIsNoDiagnosticAndNoRemoteMta() throws Exception { // RFC 3464 §2.3.5
        ParsedDsn dsn = dsn(DsnKind.FAILURE, mail(MESSAGE), unreachable(BOB));

        assertThat(dsn.perRecipient(0, "Diagnostic-Code")).isEmpty();
        assertThat(dsn.perRecipient(0, "Remote-MTA")).isEmpty();
    }

    @ParameterizedTest(name = "ENVID={0} -> {1}")
    @CsvSource({
        "QQ314159, QQ314159",
        "a+2Bb+3Dc, a+b=c",
        "with+20space, with space",
        // Not what RFC 3461 §4.4 allows: as it came, which at least is harmless.
        "x+0D+0AAction:, x+0D+0AAction:",
    })
    void envidStandsDecoded(String envid, String shown) throws Exception { // RFC 3464 §2.2.1
        Mail original = asking(mail(MESSAGE), DsnParameters.builder().envId(EnvId.of(envid)));

        assertThat(dsn(DsnKind.FAILURE, original, noSuchUser(BOB)).perMessage("Original-Envelope-Id"))
                .contains(shown);
    }

    @ParameterizedTest(name = "ORCPT=rfc822;{0} -> {1}")
    @CsvSource({
        "bob+2Blists@example.com, bob+lists@example.com",
        "bob@example.com, bob@example.com",
        "bob+lists@example.com, bob+lists@example.com",
        "a+0Ab@example.com, a+0Ab@example.com",
    })
    void orcptStandsDecodedWithItsType(String orcpt, String shown) throws Exception { // RFC 3464 §2.3.1
        Mail original = asking(
                mail(MESSAGE),
                DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(address(orcpt))));

        ParsedDsn dsn = dsn(DsnKind.FAILURE, original, noSuchUser(BOB), noSuchUser(CAROL));

        assertThat(dsn.perRecipient(0, "Original-Recipient")).contains("rfc822; " + shown);
        assertThat(dsn.perRecipient(1, "Original-Recipient")).isEmpty();
        assertThat(dsn.text().contains("(you wrote to " + shown + ")")).isEqualTo(!shown.equals("bob@example.com"));
    }

    @Test
    void anAddressBeyondAsciiHasTypeUtf8AndEscapes() throws Exception { // RFC 6533 §3
        ParsedDsn dsn = dsn(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(address("\"jos\u00e9+x\"@example.com")));

        assertThat(dsn.perRecipient(0, "Final-Recipient")).contains("utf-8; \"jos\\x{E9}\\x{2B}x\"@example.com");
        assertThat(dsn.text()).contains("\"jos\u00e9+x\"@example.com");
    }

    @Test
    void aQuotedLocalPartKeepsItsSpaces() throws Exception {
        assertThat(dsn(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(address("\"bob  the builder\"@example.com")))
                        .perRecipient(0, "Final-Recipient"))
                .contains("rfc822; \"bob  the builder\"@example.com");
    }

    @Test
    void theMailGoesFromTheEmptySenderToTheOriginalSender() throws Exception { // RFC 5321 §6.1
        Mail mail = composer().composeMail(request(DsnKind.FAILURE, mail(MESSAGE), noSuchUser(BOB)));

        assertThat(mail.getMaybeSender()).isEqualTo(MaybeSender.nullSender());
        assertThat(mail.getRecipients()).containsExactly(ALICE);
        assertThat(mail.getName()).isEqualTo("dsn-4f2a");
        assertThat(mail.getState()).isEqualTo(Mail.DEFAULT);
        assertThat(mail.getLastUpdated()).isEqualTo(Date.from(NOW));
        assertThat(mail.dsnParameters()).isEmpty();
        assertThat(ParsedDsn.valid(mail.getMessage()).header("Message-ID")).isEqualTo("<4f2a@mx.example.org>");
        LifecycleUtil.dispose(mail);
    }

    @ParameterizedTest
    @EnumSource(DsnKind.class)
    void aMailFromTheEmptySenderGetsNoDsn(DsnKind kind) { // RFC 5321 §6.1
        MailImpl bounce = MailImpl.builder()
                .name("dsn-1")
                .sender(MaybeSender.nullSender())
                .addRecipient(BOB)
                .build();
        DsnRequest request = request(kind, bounce, unreachable(BOB));

        assertThatThrownBy(() -> composer().compose(request)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> composer().composeMail(request)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDsnReportsAtLeastOneRecipient() { // RFC 3464 §2
        assertThatThrownBy(() -> request(DsnKind.FAILURE, mail(MESSAGE))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mailetsThatAddAHeaderDoNotBreakTheReport() throws Exception {
        Mail original = mail("Subject: caf\u00e9\r\n\r\nd\u00e9j\u00e0 vu\r\n");
        Mail mail = composer().composeMail(request(DsnKind.FAILURE, original, noSuchUser(BOB)));
        String before = new String(octets(mail.getMessage()), ISO_8859_1);

        mail.getMessage().addHeader("X-Seen", "yes");
        String after = new String(octets(mail.getMessage()), ISO_8859_1);

        assertThat(body(after)).isEqualTo(body(before));
        assertThat(after).contains("X-Seen: yes", "Message-ID: <4f2a@mx.example.org>");
        LifecycleUtil.dispose(mail);
    }

    @Test
    void theMessageStaysWhenTheOriginalIsGone() throws Exception {
        MailImpl original = mail(MESSAGE);
        MimeMessage dsn = composer().compose(request(DsnKind.FAILURE, original, noSuchUser(BOB)));

        original.dispose();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        dsn.writeTo(out);
        assertThat(ParsedDsn.valid(out.toByteArray()).returned()).isPresent();
    }

    @ParameterizedTest(name = "[{0}] -> {1}")
    @CsvSource({
        "mx.example.org, mx.example.org",
        "[192.0.2.1], [192.0.2.1]",
        "'', localhost",
        "'mx..example.org.', mx.example.org",
        "'bad\r\nhost>', badhost",
        "'caf\u00e9', caf",
    })
    void ourNameIsAHostNameWhereverItStands(String given, String shown) throws Exception { // RFC 5322 §3.6.4
        DsnRequest request = new DsnRequest(
                DsnKind.FAILURE,
                mail(MESSAGE),
                Samples.ARRIVAL,
                List.of(noSuchUser(BOB)),
                given,
                address("postmaster@example.org"));

        ParsedDsn dsn = ParsedDsn.valid(composer().compose(request));

        assertThat(dsn.perMessage("Reporting-MTA")).contains("dns; " + shown);
        assertThat(dsn.header("Message-ID")).isEqualTo("<4f2a@" + shown + ">");
    }

    private static String body(String message) {
        return message.substring(message.indexOf("\r\n\r\n"));
    }
}
