/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.dsn.Samples.ALICE;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.noSuchUser;
import static org.jamesoutgoing.dsn.Samples.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostmasterCopyTest {

    @Test
    void itIsTheSameReportFromNobodyToThePostmasterWithHeadersOnly() throws Exception { // RFC 5321 §6.1
        MailImpl original = asking(mail(MESSAGE), DsnParameters.builder().ret(DsnParameters.Ret.FULL));
        Mail copy = composer().composeCopy(request(DsnKind.FAILURE, original, noSuchUser(BOB)));

        assertThat(copy.getMaybeSender()).isEqualTo(MaybeSender.nullSender());
        assertThat(copy.getRecipients()).extracting(Object::toString).containsExactly("postmaster@example.org");
        String text = text(copy);
        assertThat(text)
                .contains("To: <postmaster@example.org>", "Subject: [postmaster] ")
                .contains("Final-Recipient: rfc822; bob@example.com", "Status: 5.1.1")
                .contains("Content-Type: text/rfc822-headers", "Subject: Lunch on Friday")
                .doesNotContain("Shall we meet", "message/rfc822\r", "To: <alice@example.org>");
    }

    @Test
    void thereIsNoneAboutAMailFromNobody() { // RFC 5321 §6.1
        MailImpl original = mail(MESSAGE);
        original.setSender(null);
        assertThatThrownBy(() -> composer().composeCopy(request(DsnKind.FAILURE, original, noSuchUser(BOB))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(DsnRules.dueToPostmaster(DsnKind.FAILURE, original, List.of(noSuchUser(BOB))))
                .isEmpty();
    }

    @ParameterizedTest(name = "NOTIFY={0}: failure {1}, delay {2}, success {3}")
    @CsvSource({
        "absent,          true,  true,  false",
        "NEVER,           false, false, false",
        "FAILURE,         true,  true,  false",
        "DELAY,           true,  true,  false",
        "SUCCESS,         true,  true,  true",
        "SUCCESS+FAILURE, true,  true,  true",
    })
    void onlyNeverKeepsFailuresAndDelaysFromThePostmaster(
            String notify, boolean failure, boolean delay, boolean success) {
        MailImpl mail = mail(MESSAGE);
        if (!notify.equals("absent")) {
            EnumSet<Notify> wanted = Arrays.stream(notify.split("\\+", -1))
                    .map(Notify::valueOf)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(Notify.class)));
            asking(mail, DsnParameters.builder().addRcptParameter(BOB, RecipientDsnParameters.of(wanted)));
        }
        assertThat(isDue(DsnKind.FAILURE, mail)).isEqualTo(failure);
        assertThat(isDue(DsnKind.DELAY, mail)).isEqualTo(delay);
        assertThat(isDue(DsnKind.SUCCESS, mail)).isEqualTo(success);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "Content-Type: Multipart/Report;\r\n boundary=\"b\"; Report-Type=\"Delivery-Status\"",
                "Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; boundary=b",
                "Auto-Submitted: Auto-Replied; owner-email=x@y.example\r\n"
                        + "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            })
    void nobodyIsToldAboutANotificationWhoeverSentIt(String header) { // RFC 3464 §2
        MailImpl mail = mail(header + "\r\n" + MESSAGE);
        assertThat(mail.getMaybeSender().get()).isEqualTo(ALICE);
        assertThat(DsnRules.isNotification(mail)).isTrue();
        assertThat(isDue(DsnKind.FAILURE, mail)).isFalse();
        assertThat(DsnRules.due(DsnKind.FAILURE, mail, List.of(noSuchUser(BOB))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-replied",
                "Auto-Submitted: auto-replied\r\nContent-Type: multipart/mixed; boundary=b",
                "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
                "Content-Type: text/plain; report-type=delivery-status",
                "Content-Type: ;;; multipart/report report-type=delivery-status",
                "X-Other: multipart/report; report-type=delivery-status",
            })
    void peoplesOwnMailAndAnswersForThemAreNone(String header) {
        MailImpl mail = mail(header + "\r\n" + MESSAGE);
        assertThat(DsnRules.isNotification(mail)).isFalse();
        assertThat(isDue(DsnKind.FAILURE, mail)).isTrue();
    }

    private static boolean isDue(DsnKind kind, MailImpl mail) {
        return !DsnRules.dueToPostmaster(kind, mail, List.of(noSuchUser(BOB))).isEmpty();
    }

    private static String text(Mail mail) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.getMessage().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
