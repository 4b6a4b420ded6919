/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jamesoutgoing.mailets.Notifying.ALICE;
import static org.jamesoutgoing.mailets.Notifying.BOB;
import static org.jamesoutgoing.mailets.Notifying.CAROL;
import static org.jamesoutgoing.mailets.Notifying.address;
import static org.jamesoutgoing.mailets.Notifying.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetContext;
import org.apache.mailet.base.test.FakeMail;
import org.apache.mailet.base.test.FakeMailContext.SentMail;
import org.jamesoutgoing.dsn.ParsedDsn;
import org.jamesoutgoing.dsn.PythonEmail;
import org.jamesoutgoing.dsn.template.Wording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom it tells, what, and what becomes of the mail. */
class DeliveryStatusNotificationTest {

    private static final String REPLY = "550 5.1.1 No such user";

    private static Attribute attribute(String name, AttributeValue<?> value) {
        return new Attribute(AttributeName.of(name), value);
    }

    private static FakeMail.Builder failed(String error) {
        return mail().attribute(attribute("delivery-error", AttributeValue.of(error)));
    }

    private static FakeMail asking(FakeMail.Builder builder, DsnParameters.Builder parameters) throws Exception {
        FakeMail mail = builder.build();
        mail.setDsnParameters(parameters.build().orElseThrow());
        return mail;
    }

    private static RecipientDsnParameters notify(Notify... conditions) {
        return RecipientDsnParameters.of(EnumSet.copyOf(Arrays.asList(conditions)));
    }

    // ---- to whom

    @Test
    void theSenderIsToldByAMailFromNobody() throws Exception {
        List<SentMail> sent = Notifying.with().sentAbout(failed(REPLY).build());

        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).getSender()).isNull();
        assertThat(sent.get(0).getRecipients()).containsExactly(address(ALICE));
    }

    /** RFC 5321 §6.1: and so never about a DSN. */
    @Test
    void nobodyIsToldOfMailFromNobody() throws Exception {
        FakeMail mail = failed(REPLY).sender(MailAddress.nullSender()).build();

        assertThat(Notifying.with("passThrough", "false").sentAbout(mail)).isEmpty();
        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
    }

    static Stream<Arguments> actionsAndNotify() {
        return Stream.of("failed", "delayed", "delivered", "expanded", "relayed")
                .flatMap(action -> Stream.of(
                                EnumSet.of(Notify.NEVER),
                                EnumSet.of(Notify.FAILURE),
                                EnumSet.of(Notify.DELAY),
                                EnumSet.of(Notify.SUCCESS),
                                EnumSet.of(Notify.FAILURE, Notify.DELAY, Notify.SUCCESS))
                        .map(notify -> Arguments.of(action, notify)));
    }

    /** RFC 3461 §4.1. */
    @ParameterizedTest
    @MethodSource("actionsAndNotify")
    void exactlyWhatWasAskedForIsTold(String action, EnumSet<Notify> notify) throws Exception {
        FakeMail mail = asking(
                mail(), DsnParameters.builder().addRcptParameter(address(BOB), RecipientDsnParameters.of(notify)));
        Notify wanted =
                switch (action) {
                    case "failed" -> Notify.FAILURE;
                    case "delayed" -> Notify.DELAY;
                    default -> Notify.SUCCESS;
                };

        assertThat(Notifying.with("action", action).sentAbout(mail)).hasSize(notify.contains(wanted) ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"failed, 1", "delayed, 1", "delivered, 0", "expanded, 0", "relayed, 0"})
    void whoDidNotSayIsToldOfTroubleOnly(String action, int dsns) throws Exception {
        assertThat(Notifying.with("action", action).sentAbout(mail().build())).hasSize(dsns);
    }

    @Test
    void recipientsAreToldOfOneByOneWithWhatTheSenderWrote() throws Exception {
        FakeMail mail = asking(
                failed(REPLY).recipients(BOB, CAROL, "dave@example.info"),
                DsnParameters.builder()
                        .envId(DsnParameters.EnvId.of("QQ314159"))
                        .addRcptParameter(address(BOB), notify(Notify.NEVER))
                        .addRcptParameter(
                                address(CAROL),
                                RecipientDsnParameters.of(EnumSet.of(Notify.FAILURE), address("list@example.net"))));

        ParsedDsn dsn = Notifying.with().dsnAbout(mail);

        assertThat(dsn.groups()).hasSize(3);
        assertThat(dsn.perMessage("Original-Envelope-Id")).contains("QQ314159");
        assertThat(dsn.perRecipient(0, "Final-Recipient")).contains("rfc822; carol@example.net");
        assertThat(dsn.perRecipient(0, "Original-Recipient")).contains("rfc822; list@example.net");
        assertThat(dsn.perRecipient(1, "Final-Recipient")).contains("rfc822; dave@example.info");
    }

    @Test
    void anAddressLiteralIsWrittenWithItsBrackets() throws Exception {
        FakeMail mail = mail().build();
        mail.setRecipients(List.of(address("bob@192.0.2.1")));

        ParsedDsn dsn = Notifying.with().dsnAbout(mail);

        assertThat(dsn.perRecipient(0, "Final-Recipient")).contains("rfc822; bob@[192.0.2.1]");
    }

    // ---- what becomes of the mail

    @ParameterizedTest
    @CsvSource({", false", "true, false", "false, true"})
    void theMailGoesOnUnlessPassThroughIsFalse(String passThrough, boolean ends) throws Exception {
        FakeMail mail = failed(REPLY).state("bounces").build();
        Notifying notifying = passThrough == null ? Notifying.with() : Notifying.with("passThrough", passThrough);

        assertThat(notifying.sentAbout(mail)).hasSize(1);

        assertThat(mail.getState()).isEqualTo(ends ? Mail.GHOST : "bounces");
        assertThat(mail.getMessage().getSubject()).isEqualTo("Lunch on Friday");
        assertThat(mail.getRecipients()).containsExactly(address(BOB));
    }

    @Test
    void aSpoolThatTakesNothingIsAnExceptionAndTheMailIsNotGivenUp() throws Exception {
        MailetContext full = (MailetContext) Proxy.newProxyInstance(
                MailetContext.class.getClassLoader(),
                new Class<?>[] {MailetContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("sendMail")) {
                        throw new MessagingException("no space left");
                    }
                    return method.getName().equals("getPostmaster") ? address("postmaster@here.test") : null;
                });
        DeliveryStatusNotification mailet = Notifying.started(Wording.builtIn(), full, "passThrough", "false");
        FakeMail mail = failed(REPLY).state("bounces").build();

        assertThatThrownBy(() -> mailet.service(mail))
                .isInstanceOf(MessagingException.class)
                .hasMessage("no space left");
        assertThat(mail.getState()).isEqualTo("bounces");
    }

    // ---- why

    @Test
    void theReplyThatRemoteDeliveryLeftIsToldToPeopleAndPrograms() throws Exception {
        ParsedDsn dsn = Notifying.with()
                .dsnAbout(failed(REPLY + "\n").attribute(attribute("delivery-error-code", AttributeValue.of(550))));

        assertThat(dsn.perRecipient(0, "Action")).contains("failed");
        assertThat(dsn.perRecipient(0, "Status")).contains("5.1.1");
        assertThat(dsn.perRecipient(0, "Diagnostic-Code")).contains("smtp; 550 5.1.1 No such user");
        assertThat(dsn.perRecipient(0, "Remote-MTA")).isEmpty();
        assertThat(dsn.perRecipient(0, "Last-Attempt-Date")).contains("Sun, 1 Mar 2026 08:00:00 +0000");
        assertThat(dsn.text())
                .contains("There is no mailbox")
                .contains("The other server answered:\n          550 5.1.1 No such user");
    }

    @Test
    void whatOurServiceLeavesBesideIsToldToo() throws Exception {
        ParsedDsn dsn = Notifying.with()
                .dsnAbout(failed("451 4.7.1 Greylisted")
                        .attribute(attribute("delivery-error-status", AttributeValue.of("5.4.7")))
                        .attribute(attribute("delivery-error-host", AttributeValue.of("mx.example.com[192.0.2.1]")))
                        .attribute(attribute(
                                "delivery-error-date", AttributeValue.of(ZonedDateTime.parse("2026-03-01T09:30:00Z"))))
                        .attribute(attribute(
                                "dsn-arrival-date", AttributeValue.of(ZonedDateTime.parse("2026-02-24T09:00:00Z")))));

        assertThat(dsn.perMessage("Arrival-Date")).contains("Tue, 24 Feb 2026 09:00:00 +0000");
        assertThat(dsn.perRecipient(0, "Status")).contains("5.4.7");
        assertThat(dsn.perRecipient(0, "Remote-MTA")).contains("dns; mx.example.com");
        assertThat(dsn.perRecipient(0, "Last-Attempt-Date")).contains("Sun, 1 Mar 2026 09:30:00 +0000");
        assertThat(dsn.text()).contains("The other server (mx.example.com[192.0.2.1]) answered:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550-5.7.1 two lines, 550 5.7.1 in one    |     |       | 5.7.1",
                "550 rejected                            |     |       | 5.0.0",
                "550 rejected                            |     | 5.7.1 | 5.7.1",
                "450 later                               |     | 5.7.1 | 4.0.0",
                "550 4.2.2 of another class              |     |       | 5.0.0",
                "550 5.1.1.7 is no code                  |     |       | 5.0.0",
                "Connection refused                      |     |       | 5.0.0",
                "Connection refused                      |     | 5.4.1 | 5.4.1",
                "mailbox busy                            | 450 | 5.4.1 | 4.0.0",
                "null                                    |     | 5.4.1 | 5.4.1",
                "5000 mails are too many                 |     | 5.4.1 | 5.4.1",
            })
    void theStatusIsTheRepliesElseTheDefaultElseOfItsClass(
            String error, Integer code, String defaultStatus, String status) throws Exception {
        FakeMail.Builder mail = failed(error);
        if (code != null) {
            mail.attribute(attribute("delivery-error-code", AttributeValue.of(code)));
        }
        Notifying notifying = defaultStatus == null ? Notifying.with() : Notifying.with("defaultStatus", defaultStatus);

        assertThat(notifying.dsnAbout(mail).perRecipient(0, "Status")).contains(status);
    }

    @ParameterizedTest
    @CsvSource({
        "failed, , 5.0.0",
        "failed, 5.1.6, 5.1.6",
        "delayed, , 4.0.0",
        "delayed, 4.4.1, 4.4.1",
        "delayed, 5.0.0, 4.0.0"
    })
    void aMailThatSaysNothingHasTheDefaultStatus(String action, String defaultStatus, String status) throws Exception {
        Notifying notifying = Notifying.with(
                "action",
                action,
                "defaultStatus",
                Optional.ofNullable(defaultStatus).orElse("unknown"));

        ParsedDsn dsn = notifying.dsnAbout(mail());

        assertThat(dsn.perRecipient(0, "Status")).contains(status);
        assertThat(dsn.perRecipient(0, "Diagnostic-Code")).isEmpty();
        assertThat(dsn.text()).doesNotContain("answered", "Technical detail");
    }

    @Test
    void aLocalErrorIsNoRemoteReply() throws Exception {
        ParsedDsn dsn = Notifying.with("defaultStatus", "5.1.1")
                .dsnAbout(mail().errorMessage("550 - Requested action not taken: no such user here"));

        assertThat(dsn.perRecipient(0, "Status")).contains("5.1.1");
        assertThat(dsn.perRecipient(0, "Diagnostic-Code")).isEmpty();
        assertThat(dsn.text())
                .contains("There is no mailbox")
                .contains("Technical detail: 550 - Requested action not taken: no such user")
                .doesNotContain("answered");
    }

    /** ProcessorUtil of James writes the whole of it into the error message. */
    @Test
    void aStackTraceIsNotForStrangers() throws Exception {
        ParsedDsn dsn = Notifying.with()
                .dsnAbout(
                        mail().errorMessage("Exception calling Sieve: bad script\njava.lang.IllegalStateException: bad"
                                + "\n\tat org.example.Secret.of(Secret.java:7)\n"));

        assertThat(dsn.text()).contains("Exception calling Sieve: bad script").doesNotContain("Secret");
    }

    @Test
    void damagedAttributesCostNothingButThemselves() throws Exception {
        ParsedDsn dsn = Notifying.with()
                .dsnAbout(mail().attribute(attribute("delivery-error", AttributeValue.of(7)))
                        .attribute(attribute("delivery-error-code", AttributeValue.of("550")))
                        .attribute(attribute("delivery-error-status", AttributeValue.of("no code")))
                        .attribute(attribute("delivery-error-host", AttributeValue.of("\r\nBcc: x@y")))
                        .attribute(attribute("delivery-error-date", AttributeValue.of("today")))
                        .attribute(attribute("dsn-arrival-date", AttributeValue.of(false))));

        assertThat(dsn.perRecipient(0, "Status")).contains("5.0.0");
        assertThat(dsn.perMessage("Arrival-Date")).contains("Sun, 1 Mar 2026 08:00:00 +0000");
    }

    // ---- what: the actions

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failed    | 5.0.0 | Undelivered Mail: Lunch on Friday | We have given up",
                "delayed   | 4.0.0 | Delayed Mail (still being retried): Lunch on Friday | You need not send it again",
                "relayed   | 2.0.0 | Relayed Mail: Lunch on Friday | handed over to the mail server",
                "delivered | 2.0.0 | Delivered Mail: Lunch on Friday | was delivered to the mailbox of the address below.",
                "expanded  | 2.0.0 | Relayed Mail: Lunch on Friday | all those whom the address below stands for",
            })
    void everyActionHasItsWords(String action, String status, String subject, String words) throws Exception {
        FakeMail mail = asking(
                failed(REPLY),
                DsnParameters.builder()
                        .addRcptParameter(address(BOB), notify(Notify.FAILURE, Notify.DELAY, Notify.SUCCESS)));
        boolean trouble = List.of("failed", "delayed").contains(action);

        ParsedDsn dsn = Notifying.with("action", action).dsnAbout(mail);

        assertThat(dsn.perRecipient(0, "Action")).contains(action);
        assertThat(dsn.perRecipient(0, "Status")).contains(action.equals("failed") ? "5.1.1" : status);
        assertThat(dsn.perRecipient(0, "Diagnostic-Code").isPresent()).isEqualTo(trouble);
        assertThat(dsn.header("Subject")).isEqualTo(subject);
        assertThat(dsn.text().replace('\n', ' ')).contains(words);
        assertThat(dsn.header("Auto-Submitted")).isEqualTo("auto-replied");
        assertThat(dsn.header("Date")).isEqualTo("Sun, 1 Mar 2026 09:30:01 +0000");
        assertThat(dsn.header("In-Reply-To")).isEqualTo("<lunch@example.org>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "delayed", "delivered", "expanded", "relayed"})
    void pythonReadsItToo(String action) throws Exception {
        FakeMail mail = asking(
                failed(REPLY),
                DsnParameters.builder()
                        .addRcptParameter(address(BOB), notify(Notify.FAILURE, Notify.DELAY, Notify.SUCCESS)));
        MimeMessage dsn = Notifying.with(
                        "action", action, "messageString", "Gr\u00fc\u00dfe von [machine]", "sender", "ms@here.test")
                .sentAbout(mail)
                .get(0)
                .getMsg();
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        dsn.writeTo(octets);

        JsonNode read = PythonEmail.parse(octets.toByteArray());

        assertThat(read.get("type").asText()).isEqualTo("multipart/report");
        assertThat(read.get("defects")).isEmpty();
        assertThat(read.get("from").get(0).get(1).asText()).isEqualTo("ms@here.test");
        assertThat(read.get("parts").get(0).get("text").asText()).startsWith("Gr\u00fc\u00dfe von here.test");
        assertThat(read.get("parts").get(1).get("groups").get(1).get("Action").asText())
                .isEqualTo(action);
    }

    // ---- what: in whose name

    @ParameterizedTest
    @CsvSource({
        "postmaster, <postmaster@here.test>|postmaster@here.test",
        "sender, alice@example.org",
        "unaltered, alice@example.org",
        "ms@here.test, ms@here.test",
        "Mail service <ms@here.test>, Mail service <ms@here.test>",
    })
    void theAuthorIsWhoTheParameterSays(String sender, String from) throws Exception {
        ParsedDsn dsn = Notifying.with("sender", sender).dsnAbout(failed(REPLY));

        assertThat(from.split("\\|", -1)).contains(dsn.header("From"));
        assertThat(dsn.header("To")).isEqualTo("<alice@example.org>");
    }

    @Test
    void withoutTheParameterItIsTheTemplatesElseThePostmaster(@TempDir Path templates) throws Exception {
        Wording wording = Wording.of(templates, Optional.empty());
        assertThat(Notifying.with(wording).dsnAbout(mail()).header("From"))
                .isEqualTo("Mail Delivery System <postmaster@here.test>");

        Files.writeString(
                templates.resolve("failure.mustache"), "Subject: Sorry\nFrom: Help <help@here.test>\n\nSorry!\n");
        Wording changed = Wording.of(templates, Optional.empty());
        assertThat(Notifying.with(changed).dsnAbout(mail()).header("From")).isEqualTo("Help <help@here.test>");
        assertThat(Notifying.with(changed, "sender", "ms@here.test")
                        .dsnAbout(mail())
                        .header("From"))
                .isEqualTo("ms@here.test");
    }

    // ---- what: the words

    @Test
    void theWordsAreThoseOfTheService(@TempDir Path templates) throws Exception {
        Files.writeString(templates.resolve("failure.de.mustache"), "Subject: Leider\n\nLeider nicht: {{subject}}\n");
        Wording wording = Wording.of(templates, Optional.empty());

        ParsedDsn german = Notifying.with(wording)
                .dsnAbout(mail("Content-Language: de\r\nSubject: Essen\r\n\r\nUm zw\u00f6lf?\r\n"));
        ParsedDsn french = Notifying.with(wording, "dsnLanguages", "fr").dsnAbout(mail());

        assertThat(german.header("Subject")).isEqualTo("Leider");
        assertThat(german.text()).isEqualTo("Leider nicht: Essen\n");
        assertThat(french.header("Subject")).isEqualTo("Message non remis : Lunch on Friday");
    }

    @Test
    void thePrefixStandsBeforeTheOriginalsSubject() throws Exception {
        assertThat(Notifying.with("prefix", "[FAILED]").dsnAbout(mail()).header("Subject"))
                .isEqualTo("[FAILED] Lunch on Friday");
        assertThat(Notifying.with("prefix", "[FAILED]")
                        .dsnAbout(mail("From: a@b.c\r\n\r\nHi\r\n"))
                        .header("Subject"))
                .isEqualTo("[FAILED] Undelivered Mail");
    }

    @Test
    void theMessageStringStandsInPlaceOfTheIntroduction(@TempDir Path templates) throws Exception {
        Files.writeString(
                templates.resolve("failure.mustache"), "Subject: Sorry: {{subject}}\n\nx\n--- html ---\n<p>x</p>\n");
        String message = "Hi from [machine], {{subject}} [machine].\r\n\tTwo  lines.";

        ParsedDsn dsn = Notifying.with(Wording.of(templates, Optional.empty()), "messageString", message)
                .dsnAbout(failed(REPLY));

        assertThat(dsn.header("Subject")).isEqualTo("Sorry: Lunch on Friday");
        assertThat(dsn.html()).isEmpty();
        assertThat(dsn.text())
                .startsWith("Hi from here.test, {{subject}} here.test.\n\tTwo  lines.\n\n  bob@example.com\n")
                .contains("550 5.1.1 No such user")
                .contains("Subject: Lunch on Friday")
                .doesNotContain("This is the mail server");
    }

    /** The administrator's sentences are in one language; what follows them should not be in another one. */
    @Test
    void whatFollowsTheMessageStringIsInItsLanguage() throws Exception {
        FakeMail.Builder french = mail("Content-Language: fr\r\nSubject: D\u00e9jeuner\r\n\r\nA midi ?\r\n");

        ParsedDsn dsn = Notifying.with("messageString", "Tut uns leid.", "dsnLanguages", "de")
                .dsnAbout(french);

        assertThat(dsn.text())
                .startsWith("Tut uns leid.\n\n  bob@example.com\n")
                .contains("Ihre Nachricht:");
    }

    // ---- what: the original

    @ParameterizedTest
    @CsvSource({
        // action, attachment, RET, third part
        "failed, , , message/rfc822",
        "failed, message, , message/rfc822",
        "failed, heads, , text/rfc822-headers",
        "failed, none, ,",
        "failed, message, HDRS, text/rfc822-headers",
        "failed, heads, FULL, message/rfc822",
        "failed, none, FULL,",
        "failed, none, HDRS,",
        // RFC 3461 §4.3: RET is for failures, others carry headers.
        "delayed, message, FULL, text/rfc822-headers",
        "delayed, none, FULL,",
        "delivered, message, , text/rfc822-headers",
    })
    void asMuchOfTheOriginalGoesBackAsBothSidesWant(String action, String attachment, String ret, String type)
            throws Exception {
        DsnParameters.Builder asked = DsnParameters.builder()
                .addRcptParameter(address(BOB), notify(Notify.FAILURE, Notify.DELAY, Notify.SUCCESS));
        if (ret != null) {
            asked.ret(DsnParameters.Ret.valueOf(ret));
        }
        Notifying notifying = attachment == null
                ? Notifying.with("action", action)
                : Notifying.with("action", action, "attachment", attachment);

        ParsedDsn dsn = notifying.dsnAbout(asking(mail(), asked));

        assertThat(dsn.returned().map(part -> part.type().replaceFirst(";.*", "")))
                .isEqualTo(Optional.ofNullable(type));
    }

    @Test
    void aLargeOriginalGoesBackWholeOnlyWhenThatIsWanted() throws Exception {
        String large = "Subject: large\r\n\r\n" + "0123456789abcdef\r\n".repeat(10_000);

        assertThat(Notifying.with()
                        .dsnAbout(mail(large))
                        .returned()
                        .orElseThrow()
                        .type())
                .startsWith("text/rfc822-headers");
        assertThat(Notifying.with("attachment", "message")
                        .dsnAbout(mail(large))
                        .returned()
                        .orElseThrow()
                        .text())
                .isEqualTo(large);
    }

    @Test
    void aMailWithoutMessageIsToldOfToo() throws Exception {
        FakeMail mail =
                FakeMail.builder().name("mail").sender(ALICE).recipient(BOB).build();

        ParsedDsn dsn =
                Notifying.with("prefix", "Re:", "messageString", "Sorry.").dsnAbout(mail);

        assertThat(dsn.header("Subject")).isEqualTo("Re: Undelivered Mail");
        assertThat(dsn.returned()).isEmpty();
    }
}
