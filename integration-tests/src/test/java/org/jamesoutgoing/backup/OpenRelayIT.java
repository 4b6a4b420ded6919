/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.backup.Spellings.DOMAIN;
import static org.jamesoutgoing.backup.Spellings.IDN_DOMAIN;
import static org.jamesoutgoing.backup.Spellings.NOT_OURS;
import static org.jamesoutgoing.backup.Spellings.OURS;
import static org.jamesoutgoing.backup.Stranger.ALICE;
import static org.jamesoutgoing.backup.Stranger.PASSWORD;
import static org.jamesoutgoing.backup.Stranger.backupRoute;
import static org.jamesoutgoing.backup.Stranger.place;
import static org.jamesoutgoing.backup.Stranger.soon;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.mail.internet.AddressException;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.assertj.core.api.SoftAssertions;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.JamesSetup.Protocol;
import org.jamesoutgoing.testing.ReceivingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers reach exactly the domains of backup routes, however they spell a recipient. */
class OpenRelayIT {

    private static final String STRANGER = "stranger@elsewhere.test";

    private static ReceivingServer main;
    private static ReceivingServer elsewhere;
    private static JamesServer james;

    private int elsewhereBefore;

    @BeforeAll
    static void start() throws Exception {
        main = ReceivingServer.start();
        elsewhere = ReceivingServer.start();
        String notBackup = "<relayHosts>" + place(elsewhere) + "</relayHosts></route>";
        james = JamesServer.start(Stranger.james(
                        elsewhere,
                        backupRoute(DOMAIN, "any", main)
                                + backupRoute(IDN_DOMAIN, "any", main)
                                + backupRoute("james.test", "any", main)
                                + "<route domain=\"partner.test\">" + notBackup
                                + "<route domain=\"wild.test\">" + notBackup
                                + "<route domain=\"*.wild.test\">" + notBackup)
                .protocols(Protocol.SMTP, Protocol.WEBADMIN));
    }

    /** What an earlier test sent has arrived. */
    @BeforeEach
    void waitAndCount() {
        soon().untilAsserted(() -> assertThat(
                        james.queue("spool").getSize() + james.queue("outgoing").getSize())
                .isZero());
        elsewhereBefore = elsewhere.mails().size();
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        main.close();
        elsewhere.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {STRANGER, "", "user@backup.test", "stranger@partner.test"})
    void everySpellingThatIsNotExactlyABackupDomainIsRefused(String sender) throws Exception {
        int before = main.mails().size();
        SoftAssertions softly = new SoftAssertions();
        for (String recipient : NOT_OURS) {
            try (Stranger stranger = new Stranger(james)) {
                stranger.from(sender);
                softly.assertThat(stranger.to(recipient)).as("<%s>", recipient).startsWith("5");
                softly.assertThat(stranger.command("DATA"))
                        .as("DATA after <%s>", recipient)
                        .startsWith("5");
            }
        }
        softly.assertAll();
        assertThat(NOT_OURS).hasSizeGreaterThan(40);
        nothingLeaked();
        assertThat(main.mails()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {STRANGER, ""})
    void whatIsExactlyABackupDomainReachesTheMainServer(String sender) throws Exception {
        try (Stranger stranger = new Stranger(james)) {
            stranger.from(sender);
            for (String recipient : OURS) {
                assertThat(stranger.to(recipient)).as("<%s>", recipient).startsWith("250");
            }
            int before = main.mails().size();
            assertThat(stranger.message()).startsWith("250");
            soon().untilAsserted(() ->
                    assertThat(recipients(main, before)).containsExactlyInAnyOrderElementsOf(lower(OURS)));
        }
        nothingLeaked();
    }

    @ParameterizedTest
    @ValueSource(strings = {STRANGER, ""})
    void aBackupRecipientInTheSameMailOpensTheDoorForNobodyElse(String sender) throws Exception {
        int before = main.mails().size();
        SoftAssertions softly = new SoftAssertions();
        try (Stranger stranger = new Stranger(james)) {
            stranger.from(sender);
            for (String recipient : NOT_OURS) {
                softly.assertThat(stranger.to("first@backup.test")).startsWith("250");
                softly.assertThat(stranger.to(recipient)).as("<%s>", recipient).startsWith("5");
            }
            softly.assertThat(stranger.message()).startsWith("250");
        }
        softly.assertAll();

        soon().untilAsserted(() ->
                assertThat(recipients(main, before).stream().distinct()).containsExactly("first@backup.test"));
        nothingLeaked();
    }

    @Test
    void aBackupRecipientOfAnEarlierMailOpensTheDoorForNobodyElse() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        try (Stranger stranger = new Stranger(james)) {
            for (String recipient : NOT_OURS) {
                stranger.from(STRANGER);
                softly.assertThat(stranger.to("first@backup.test")).startsWith("250");
                stranger.command("RSET");
                softly.assertThat(stranger.to(recipient))
                        .as("<%s> without MAIL", recipient)
                        .startsWith("5");
                stranger.from(STRANGER);
                softly.assertThat(stranger.to(recipient)).as("<%s>", recipient).startsWith("5");
                stranger.command("RSET");
            }
            stranger.from(STRANGER);
            stranger.to("first@backup.test");
            softly.assertThat(stranger.message()).startsWith("250");
            stranger.from(STRANGER);
            for (String recipient : NOT_OURS) {
                softly.assertThat(stranger.to(recipient))
                        .as("<%s> after a mail", recipient)
                        .startsWith("5");
            }
        }
        softly.assertAll();
        nothingLeaked();
    }

    /** One mail for each spelling: James's own processors stumble over some, and then over the whole mail. */
    @Test
    void mailThatEntersAnotherWayGetsNoFurtherThroughTheProcessors() throws Exception {
        int before = main.mails().size();
        List<MailAddress> recipients =
                NOT_OURS.stream().flatMap(text -> address(text).stream()).toList();
        for (int i = 0; i < recipients.size(); i++) {
            MailImpl mail = MailImpl.builder()
                    .name("spooled-" + i)
                    .sender(MaybeSender.nullSender())
                    .addRecipients(recipients.get(i), new MailAddress("spooled-" + i + "@backup.test"))
                    .mimeMessage(new MimeMessage(
                            null, new ByteArrayInputStream("Subject: test\r\n\r\nHello.\r\n".getBytes(US_ASCII))))
                    .build();
            james.queue("spool").enQueue(mail);
        }

        soon().untilAsserted(() -> assertThat(recipients(main, before).size() + keys("error") + keys("rrt-error"))
                .as("mails at an end")
                .isGreaterThanOrEqualTo(recipients.size()));
        soon().untilAsserted(() -> assertThat(
                        james.queue("spool").getSize() + james.queue("outgoing").getSize())
                .isZero());
        assertThat(recipients(main, before))
                .hasSizeGreaterThan(20)
                .doesNotHaveDuplicates()
                .allMatch(recipient -> recipient.matches("spooled-\\d+@backup\\.test"));
        assertThat(keys("relay-denied")).isGreaterThan(20);
        nothingLeaked();
    }

    private static int keys(String repository) throws Exception {
        return james.repositoryKeys("durable://var/mail/" + repository + "/").size();
    }

    @Test
    void whenTheRouteIsDeletedTheDoorIsShutAtOnce() throws Exception {
        String path = "/outgoing/routes/late.test";
        try (Stranger stranger = new Stranger(james)) {
            stranger.from(STRANGER);
            assertThat(stranger.to("user@late.test")).startsWith("5");

            assertThat(james.webadmin(
                                    "PUT",
                                    path,
                                    "{\"backup\": true, \"backupRecipients\": \"any\", \"relayHosts\": \"" + place(main)
                                            + "\"}")
                            .statusCode())
                    .isBetween(200, 204);
            assertThat(stranger.to("user@late.test")).startsWith("250");
            assertThat(stranger.to("user@sub.late.test")).startsWith("5");

            assertThat(james.webadmin("DELETE", path).statusCode()).isBetween(200, 204);
            assertThat(stranger.to("user2@late.test")).startsWith("5");
            stranger.command("RSET");
            stranger.from(STRANGER);
            assertThat(stranger.to("user@late.test")).startsWith("5");
            assertThat(stranger.command("DATA")).startsWith("5");
        }
    }

    @Test
    void aDomainOfJamesIsNeverABackupDomain() throws Exception {
        int before = main.mails().size();
        try (Stranger stranger = new Stranger(james)) {
            stranger.from(STRANGER);
            assertThat(stranger.to("nobody@james.test")).startsWith("550");
            assertThat(stranger.to(ALICE)).startsWith("250");
            int inbox = james.inbox(ALICE).size();
            assertThat(stranger.message()).startsWith("250");
            soon().untilAsserted(() -> assertThat(james.inbox(ALICE)).hasSizeGreaterThan(inbox));
        }
        assertThat(main.mails()).hasSize(before);
    }

    @Test
    void usersMayRelayAsBefore() throws Exception {
        try (Stranger user = new Stranger(james)) {
            String login = "\0" + ALICE + "\0" + PASSWORD;
            assertThat(user.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(login.getBytes(US_ASCII))))
                    .startsWith("235");
            user.from(ALICE);
            assertThat(user.to("friend@other.test")).startsWith("250");
            assertThat(user.to("friend@backup.test")).startsWith("250");
            assertThat(user.message()).startsWith("250");
        }
        soon().untilAsserted(
                        () -> assertThat(elsewhere.mailsTo("friend@other.test")).hasSize(1));
        soon().untilAsserted(
                        () -> assertThat(main.mailsTo("friend@backup.test")).hasSize(1));
    }

    @Test
    void dsnParametersOfABackupRecipientReachTheMainServer() throws Exception { // RFC 3461 §4
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        main.onLine(lines::add);
        try (Stranger stranger = new Stranger(james)) {
            stranger.command("MAIL FROM:<" + STRANGER + "> RET=HDRS ENVID=QQ314159");
            assertThat(stranger.command(
                            "RCPT TO:<dsn@backup.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;before+2Bit@backup.test"))
                    .startsWith("250");
            assertThat(stranger.message()).startsWith("250");
        }
        soon().untilAsserted(() -> assertThat(main.mailsTo("dsn@backup.test")).hasSize(1));
        assertThat(lines)
                .anySatisfy(line -> assertThat(line).contains("MAIL FROM", "RET=HDRS", "ENVID=QQ314159"))
                .anySatisfy(line -> assertThat(line)
                        .contains("RCPT TO:<dsn@backup.test>", "NOTIFY=SUCCESS,DELAY", "ORCPT=rfc822;before+2Bit@"));
    }

    private void nothingLeaked() {
        assertThat(elsewhere.mails()).hasSize(elsewhereBefore);
    }

    private static Optional<MailAddress> address(String text) {
        try {
            return Optional.of(new MailAddress(text));
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    private static List<String> recipients(ReceivingServer server, int from) {
        return lower(server.mails().stream()
                .skip(from)
                .flatMap(mail -> mail.recipients().stream())
                .toList());
    }

    private static List<String> lower(List<String> recipients) {
        return recipients.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }
}
