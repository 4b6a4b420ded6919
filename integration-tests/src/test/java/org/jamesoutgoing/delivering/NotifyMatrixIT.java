/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.delivering.DsnMail.ABSENT;
import static org.jamesoutgoing.delivering.Soon.soon;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jamesoutgoing.delivering.DsnMail.End;
import org.jamesoutgoing.delivering.DsnMail.Hop;
import org.jamesoutgoing.delivering.ForeignParsers.Reading;
import org.jamesoutgoing.testing.NeedsPostfix;
import org.jamesoutgoing.testing.NeedsPython;
import org.jamesoutgoing.testing.PostfixServer;
import org.jamesoutgoing.testing.SmtpSender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RFC 3461 from end to end: who is told what, by whom, for each NOTIFY, each end that a mail can take, and a next hop (a
 * real Postfix) that offers DSN or does not. All mails are sent at the start, each by a sender of its own, whose inbox is
 * read over IMAP when nothing moves any more.
 */
@NeedsPostfix
@NeedsPython
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotifyMatrixIT {

    private static final String NOBODY_IS_TOLD = "-";
    private static final String EVERYTHING = "SUCCESS+FAILURE+DELAY";

    private final Map<DsnMail, List<byte[]>> told = new LinkedHashMap<>();
    private DsnServers servers;

    @BeforeAll
    void sendAllAndAwaitTheEnd() throws Exception {
        Set<DsnMail> all = allMails();
        servers = DsnServers.start(all);
        servers.sendAndAwait(all);
        for (DsnMail mail : all) {
            told.put(mail, servers.told(mail));
        }
    }

    /** The RET that is not in question is HDRS. */
    private static Set<DsnMail> allMails() {
        Set<DsnMail> all = new LinkedHashSet<>();
        for (Hop hop : Hop.values()) {
            for (End end : End.values()) {
                for (String notify :
                        List.of(ABSENT, "NEVER", "FAILURE", "DELAY", "SUCCESS", "FAILURE+DELAY", EVERYTHING)) {
                    all.add(new DsnMail(notify, "HDRS", end, hop));
                }
            }
            for (End end : List.of(End.ACCEPTED, End.REFUSED, End.LATE)) {
                for (String ret : List.of(ABSENT, "FULL")) {
                    all.add(new DsnMail(EVERYTHING, ret, end, hop));
                }
            }
        }
        return all;
    }

    @AfterAll
    void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    /**
     * RFC 3461 §5.2.1: NOTIFY goes on to a next hop that offers DSN, and success is its to tell. §5.2.5 and §5.2.6: of
     * delay and failure tells who meets them. §4.1: nothing but what is asked for; without NOTIFY failure, and delay as we
     * like. J: James tells, P: Postfix.
     */
    @ParameterizedTest(name = "NOTIFY={0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # NOTIFY              | accepted    | refused  | late                    | expired  | returned
            absent                | -           | J failed | J delayed               | J failed | P failed
            NEVER                 | -           | -        | -                       | -        | -
            FAILURE               | -           | J failed | -                       | J failed | P failed
            DELAY                 | -           | -        | J delayed               | -        | -
            SUCCESS               | P delivered | -        | P delivered             | -        | -
            FAILURE+DELAY         | -           | J failed | J delayed               | J failed | P failed
            SUCCESS+FAILURE+DELAY | P delivered | J failed | J delayed + P delivered | J failed | P failed
            """)
    void whoIsToldWhatWhenTheNextHopOffersDsn(
            String notify, String accepted, String refused, String late, String expired, String returned) {
        assertThat(told(notify, Hop.WITH_DSN)).containsExactly(accepted, refused, late, expired, returned);
    }

    /**
     * RFC 3461 §5.2.2: no parameter goes on, so we are the last who can tell of success: <i>relayed</i>. What Postfix
     * returns later, it returns whatever the sender wished. J: James tells, P: Postfix.
     */
    @ParameterizedTest(name = "NOTIFY={0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # NOTIFY              | accepted  | refused  | late                  | expired  | returned
            absent                | -         | J failed | J delayed             | J failed | P failed
            NEVER                 | -         | -        | -                     | -        | P failed
            FAILURE               | -         | J failed | -                     | J failed | P failed
            DELAY                 | -         | -        | J delayed             | -        | P failed
            SUCCESS               | J relayed | -        | J relayed             | -        | J relayed + P failed
            FAILURE+DELAY         | -         | J failed | J delayed             | J failed | P failed
            SUCCESS+FAILURE+DELAY | J relayed | J failed | J delayed + J relayed | J failed | J relayed + P failed
            """)
    void whoIsToldWhatWhenTheNextHopHasNoDsn(
            String notify, String accepted, String refused, String late, String expired, String returned) {
        assertThat(told(notify, Hop.WITHOUT_DSN)).containsExactly(accepted, refused, late, expired, returned);
    }

    private List<String> told(String notify, Hop hop) {
        return Arrays.stream(End.values())
                .map(end -> dsns(new DsnMail(notify, "HDRS", end, hop))
                        .map(NotifyMatrixIT::whoAndWhat)
                        .sorted()
                        .collect(Collectors.joining(" + ")))
                .map(dsns -> dsns.isEmpty() ? NOBODY_IS_TOLD : dsns)
                .toList();
    }

    private Stream<Reading> dsns(DsnMail mail) {
        return told.get(mail).stream().map(NotifyMatrixIT::read);
    }

    private static String whoAndWhat(Reading dsn) {
        String by = dsn.groups().get(0).get("reporting-mta").equals("dns; postfix.test") ? "P " : "J ";
        return by
                + dsn.groups().stream()
                        .skip(1)
                        .map(recipient -> recipient.get("action"))
                        .collect(Collectors.joining(", "));
    }

    private static Reading read(byte[] dsn) {
        try {
            return ForeignParsers.mime4j(dsn);
        } catch (Exception e) {
            throw new AssertionError(e + "\n" + new String(dsn, StandardCharsets.ISO_8859_1), e);
        }
    }

    /** RFC 3461 §5.2.1: as they came, xtext and all; §5.2.2: where DSN is not offered, none of them. */
    @Test
    void postfixReceivesTheParametersAsTheyCameIfItOffersDsn() {
        Pattern mail = Pattern.compile("smtpd\\[.*< .*: (?:MAIL FROM|RCPT TO):<(.*)>(.*)");
        for (DsnMail sent : told.keySet()) {
            Map<String, Set<String>> received = new LinkedHashMap<>();
            for (Matcher line : (Iterable<Matcher>)
                    servers.postfix(sent.hop()).log().lines().map(mail::matcher)::iterator) {
                if (line.find() && List.of(sent.sender(), sent.recipient()).contains(line.group(1))) {
                    received.computeIfAbsent(line.group(1), any -> new TreeSet<>())
                            .add(dsnParameters(line.group(2)));
                }
            }
            boolean offered = sent.hop() == Hop.WITH_DSN;
            assertThat(received)
                    .isEqualTo(Map.of(
                            sent.sender(), Set.of(offered ? dsnParameters(sent.mailParameters()) : ""),
                            sent.recipient(), Set.of(offered ? dsnParameters(sent.rcptParameters()) : "")));
        }
    }

    /** Sorted, with the values of NOTIFY sorted too. */
    private static String dsnParameters(String parameters) {
        return Arrays.stream(parameters.strip().split(" ", -1))
                .filter(parameter -> parameter.matches("(RET|ENVID|NOTIFY|ORCPT)=.*"))
                .map(parameter -> parameter.startsWith("NOTIFY=")
                        ? "NOTIFY="
                                + new TreeSet<>(List.of(parameter.substring(7).split(",", -1)))
                        : parameter)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** RFC 3464 §2.2.1 and §2.3.1: decoded, whoever tells it. */
    @Test
    void envidAndOrcptComeBackDecoded() {
        told.keySet().forEach(mail -> assertThat(dsns(mail)).allSatisfy(dsn -> {
            boolean knowsThem = mail.hop() == Hop.WITH_DSN || !whoAndWhat(dsn).startsWith("P ");
            assertThat(dsn.groups()).hasSize(2);
            if (knowsThem) {
                assertThat(dsn.groups().get(0)).containsEntry("original-envelope-id", mail.envelopeId());
                assertThat(dsn.groups().get(1).get("original-recipient").replace(" ", ""))
                        .isEqualTo("rfc822;" + mail.originalRecipient());
            }
            assertThat(dsn.groups().get(1)).containsEntry("final-recipient", "rfc822; " + mail.recipient());
        }));
    }

    /** RFC 3461 §4.3: RET is for failures, all others carry headers only. Without RET, it is ours to choose. */
    @ParameterizedTest(name = "RET={0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # RET  | failed              | delayed             | relayed
            absent | message/rfc822      | text/rfc822-headers | text/rfc822-headers
            FULL   | message/rfc822      | text/rfc822-headers | text/rfc822-headers
            HDRS   | text/rfc822-headers | text/rfc822-headers | text/rfc822-headers
            """)
    void whatComesBackOfTheMail(String ret, String failed, String delayed, String relayed) {
        assertThat(returned(ret, End.REFUSED)).containsExactly(failed);
        assertThat(returned(ret, End.LATE)).containsExactly(delayed, relayed);
        assertThat(returned(ret, End.ACCEPTED)).containsExactly(relayed);
    }

    private List<String> returned(String ret, End end) {
        return dsns(new DsnMail(EVERYTHING, ret, end, Hop.WITHOUT_DSN))
                .map(dsn -> dsn.parts().get(2))
                .toList();
    }

    /** RFC 3463: in the words of the next hop if it refuses, 5.4.7 (delivery time expired) if we give up. */
    @Test
    void theStatusSaysWhatHappened() {
        assertThat(statuses(End.REFUSED, "J failed")).containsOnly("5.1.1");
        assertThat(statuses(End.EXPIRED, "J failed")).containsOnly("5.4.7");
        assertThat(statuses(End.LATE, "J delayed")).containsOnly("4.2.1");
        assertThat(statuses(End.ACCEPTED, "J relayed")).containsOnly("2.0.0");
    }

    private Set<String> statuses(End end, String whoAndWhat) {
        return told.keySet().stream()
                .filter(mail -> mail.end() == end)
                .flatMap(this::dsns)
                .filter(dsn -> whoAndWhat(dsn).equals(whoAndWhat))
                .map(dsn -> dsn.groups().get(1).get("status"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Ours and those of Postfix, by the table in {@code dsn_rules.py}; and both parsers read the same. */
    @Test
    void allOfThemHoldTheRulesOfTheStandards(@TempDir Path directory) throws Exception { // RFC 3464, RFC 6522
        List<byte[]> all = told.values().stream().flatMap(List::stream).toList();
        List<Reading> readings = ForeignParsers.python(directory, all);
        assertThat(readings).hasSameSizeAs(all);
        for (int i = 0; i < all.size(); i++) {
            String text = new String(all.get(i), StandardCharsets.ISO_8859_1);
            assertThat(readings.get(i)).as(text).isEqualTo(read(all.get(i)));
        }
    }

    /** The table finds what is wrong: each of these spoils one thing in a DSN that is right. */
    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            Reporting-MTA: .*                           | X-Removed: x                   | Reporting-MTA is there 0 times
            Arrival-Date: \\w+, (.*)                    | Arrival-Date: Someday, $1      | Arrival-Date: Someday
            Arrival-Date:                               | Arrived:                       | field Arrived is not known
            (Final-Recipient: )rfc822; (.*)             | $1$2                           | Final-Recipient:
            Action: failed                              | Action: dropped                | Action: dropped
            Action: failed                              | Action: relayed                | of what is relayed
            (Status: .*)                                | $1\\r\\n$1                       | Status is there 2 times
            Status: 5.1.1                               | Status: 5.01.1                 | Status: 5.01.1
            Diagnostic-Code: smtp; 550                  | Diagnostic-Code: smtp; no      | Diagnostic-Code: smtp; no
            Last-Attempt-Date: (.*)                     | Will-Retry-Until: $1           | Will-Retry-Until of what is failed
            Last-Attempt-Date: (.*) 20\\d\\d            | Last-Attempt-Date: $1 1999     | before it arrived
            message/delivery-status                     | text/plain                     | part 2 is text/plain
            report-type=delivery-status                 | report-type=disposition        | report-type is disposition
            Auto-Submitted: .*                          | X-Removed: x                   | Auto-Submitted is there 0 times
            Return-Path: <>                             | Return-Path: <alice@james.test> | Return-Path: <alice@james.test>
            In-Reply-To: .*                             | In-Reply-To: <other@id>        | which is not the original
            boundary="                                  | boundary="x                    | StartBoundaryNotFound
            """)
    void whatBreaksARuleIsFound(String right, String wrong, String problem, @TempDir Path directory) throws Exception {
        String dsn = new String(
                told.get(new DsnMail("FAILURE", "HDRS", End.REFUSED, Hop.WITH_DSN))
                        .get(0),
                StandardCharsets.UTF_8);
        String spoilt = Pattern.compile(right).matcher(dsn).replaceFirst(wrong.replace("\\r\\n", "\r\n"));
        assertThat(spoilt).isNotEqualTo(dsn);

        List<Reading> readings = ForeignParsers.python(directory, List.of(spoilt.getBytes(StandardCharsets.UTF_8)));

        assertThat(String.join("\n", readings.get(0).problems())).contains(problem);
    }

    /** §5.2.8 of RFC 3461: recipients of one attempt come in one DSN, each with what was said to it. */
    @Test
    void recipientsThatFailInOneAttemptComeInOneDsn() throws Exception {
        DsnMail other = new DsnMail("NEVER", "HDRS", End.ACCEPTED, Hop.WITH_DSN);
        String domain = DsnMail.domain(End.REFUSED, Hop.WITH_DSN);
        PostfixServer hop = servers.postfix(Hop.WITH_DSN);
        hop.answer("one@" + domain, "550 5.1.1 no such user here");
        hop.answer("two@" + domain, "550 5.2.1 mailbox closed");
        hop.answer("three@" + domain, "550 5.7.1 not from you");
        assertThat(told.get(other)).isEmpty();
        try (SmtpSender smtp = servers.smtp()) {
            assertThat(smtp.command("MAIL FROM:<" + other.sender() + ">")).startsWith("250");
            assertThat(smtp.command("RCPT TO:<one@" + domain + ">")).startsWith("250");
            assertThat(smtp.command("RCPT TO:<two@" + domain + "> NOTIFY=FAILURE"))
                    .startsWith("250");
            assertThat(smtp.command("RCPT TO:<three@" + domain + "> NOTIFY=NEVER"))
                    .startsWith("250");
            assertThat(smtp.command("RCPT TO:<four@" + domain + ">")).startsWith("250");
            assertThat(smtp.command("DATA")).startsWith("354");
            assertThat(smtp.data("Subject: test\r\n\r\nHello.\r\n".getBytes(StandardCharsets.UTF_8)))
                    .startsWith("250");
        }
        soon().untilAsserted(() -> assertThat(hop.mailsTo("four@" + domain)).hasSize(1));
        servers.awaitEnd();

        List<byte[]> inbox = servers.told(other);
        assertThat(inbox).hasSize(1);
        assertThat(read(inbox.get(0)).groups().stream().skip(1))
                .extracting(group -> group.get("final-recipient") + " " + group.get("diagnostic-code"))
                .satisfiesExactlyInAnyOrder(
                        one -> assertThat(one).startsWith("rfc822; one@" + domain + " smtp; 550 5.1.1"),
                        two -> assertThat(two).startsWith("rfc822; two@" + domain + " smtp; 550 5.2.1"));
    }
}
