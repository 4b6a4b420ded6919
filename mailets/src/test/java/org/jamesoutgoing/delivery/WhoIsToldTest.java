/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.james.core.MailAddress;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.Notify;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.queue.Admission;
import org.jamesoutgoing.queue.QueueLimits;
import org.jamesoutgoing.routing.Routes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The switches of failure messages: who gets which, as they stand when there is something to be told. */
class WhoIsToldTest {

    private static final String THERE = "bob@there.example";
    private static final String LOCAL = "alice@here.example";
    private static final String FOREIGN = "eve@far.example";
    private static final String POSTMASTER = "postmaster@here.example";

    /** What may be told of a mail, and what makes it so. */
    enum Case {
        FAILURE("failureDsn", "Action: failed"),
        DELAY("delayDsn", "Action: delayed"),
        SUCCESS("successDsn", "Action: relayed"),
        QUEUE_FULL("queueFullDsn", "Status: 5.3.1");

        private final String option;
        private final String words;

        Case(String option, String words) {
            this.option = option;
            this.words = words;
        }
    }

    private final World world = new World();

    @ParameterizedTest
    @EnumSource
    void theSwitchOfEachKindSaysWhoGetsIt(Case kind) throws Exception {
        for (String[] row : new String[][] {
            // sender, authenticated, option, who is told
            {FOREIGN, "no", "on", FOREIGN},
            {FOREIGN, "no", "off", ""},
            {FOREIGN, "no", "local", ""},
            {LOCAL, "no", "local", LOCAL},
            {LOCAL, "no", "authenticated", ""},
            {FOREIGN, "yes", "authenticated", FOREIGN},
            {FOREIGN, "no", "on, postmaster", FOREIGN + " " + POSTMASTER},
            {FOREIGN, "no", "local, postmaster", POSTMASTER},
            {LOCAL, "no", "local, postmaster", LOCAL + " " + POSTMASTER},
            {LOCAL, "yes", "postmaster", POSTMASTER},
            {POSTMASTER, "yes", "on, postmaster", POSTMASTER},
            {POSTMASTER, "yes", "postmaster", POSTMASTER},
            {"", "no", "on, postmaster", ""},
        }) {
            World fresh = new World();
            try (World.Life process = life(fresh, kind)) {
                process.routes.replace(routes(Map.of(kind.option, row[2])));
                admit(process, mail(kind, row[0], row[1].equals("yes")));
                happen(fresh, process, kind);
            }
            assertThat(told(fresh)).as(Arrays.toString(row)).isEqualTo(row[3]);
            assertThat(fresh.spool.handed())
                    .allMatch(mail -> mail.nullSender() && mail.text().contains(kind.words));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSwitchOfOneKindIsNotThatOfAnother(Case kind) throws Exception {
        Map<String, String> others = new HashMap<>();
        for (Case other : Case.values()) {
            others.put(other.option, other == kind ? "on" : "off");
        }
        try (World.Life process = life(world, kind)) {
            process.routes.replace(routes(others));
            admit(process, mail(kind, FOREIGN, false));
            happen(world, process, kind);
        }
        assertThat(told(world)).isEqualTo(FOREIGN);
    }

    @ParameterizedTest(name = "{0} -> {1}, sender known {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "on | off | true | ''",
                "off | on | false | eve@far.example",
                "on | local | true | ''",
                "local | on | false | eve@far.example",
                "on | authenticated | true | eve@far.example",
                "on | authenticated | false | ''",
                "off | authenticated | true | eve@far.example",
                "off | postmaster | false | postmaster@here.example",
                "on | on, postmaster | false | eve@far.example postmaster@here.example",
                "on, postmaster | on | false | eve@far.example",
                "on, postmaster | off | false | ''",
            })
    void changedSwitchesCountForMailThatWaits(String before, String now, boolean known, String told) throws Exception {
        for (Case kind : new Case[] {Case.FAILURE, Case.DELAY, Case.SUCCESS}) {
            World fresh = new World();
            fresh.peers.answer((host, recipient) -> "450 4.2.1 later");
            try (World.Life process = fresh.process()) {
                process.routes.replace(routes(Map.of(kind.option, before)));
                admit(process, mail(kind, FOREIGN, known));
                process.settleDown();
                assertThat(fresh.disk.size()).isEqualTo(1);
                process.routes.replace(routes(Map.of(kind.option, now)));
                fresh.peers.answer((host, recipient) -> answer(kind));
                fresh.clock.advance(Duration.ofMinutes(2));
                happen(fresh, process, kind);
            }
            assertThat(told(fresh)).as("%s", kind).isEqualTo(told);
        }
    }

    @ParameterizedTest(name = "NOTIFY={0} {1}: {2}")
    @CsvSource({
        "NEVER, FAILURE, ''",
        "NEVER, DELAY, ''",
        "FAILURE, FAILURE, eve@far.example postmaster@here.example",
        "FAILURE, DELAY, postmaster@here.example",
        "DELAY, FAILURE, postmaster@here.example",
        "DELAY, DELAY, eve@far.example postmaster@here.example",
        "SUCCESS, FAILURE, postmaster@here.example",
        "SUCCESS, DELAY, postmaster@here.example",
        "SUCCESS, SUCCESS, eve@far.example postmaster@here.example",
        "FAILURE+DELAY, SUCCESS, ''",
        "NEVER, SUCCESS, ''",
    })
    void whatTheSenderAskedForComesFirst(String notify, Case kind, String told) throws Exception { // RFC 3461 §4.1
        try (World.Life process = life(world, kind)) {
            process.routes.replace(routes(Map.of(kind.option, "on, postmaster")));
            Mail mail = World.mail("mail", FOREIGN, THERE);
            notify(mail, notify);
            admit(process, mail);
            happen(world, process, kind);
        }
        assertThat(told(world)).isEqualTo(told);
    }

    @Test
    void oneCopyTellsOfAllRecipientsOfAMail() throws Exception {
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("failureDsn", "postmaster")));
            process.admission.admit(World.mail("mail", FOREIGN, THERE, "carol@there.example"));
            process.settleDown();
        }
        assertThat(told(world)).isEqualTo(POSTMASTER);
        assertThat(world.spool.handed().get(0).text())
                .contains("rfc822; bob@there.example", "rfc822; carol@there.example");
    }

    @Test
    void aSenderThatABackupRouteKeepsQuietToDoesNotKeepThePostmasterUninformed() throws Exception {
        for (Optional<String> processor : List.of(Optional.<String>empty(), Optional.of("bounces"))) {
            World fresh = new World();
            fresh.bounceProcessor = processor;
            fresh.peers.answer((host, recipient) -> "550 5.1.1 no such user");
            try (World.Life process = fresh.process()) {
                process.routes.replace(routes(Map.of(
                        "backup",
                        "true",
                        "relayHosts",
                        "127.0.0.7",
                        "backupDsns",
                        "false",
                        "failureDsn",
                        "on, postmaster")));
                admit(process, mail(Case.FAILURE, FOREIGN, false));
                process.settleDown();
            }
            assertThat(told(fresh)).isEqualTo(POSTMASTER);
        }
    }

    @Test
    void aBounceProcessorDecidesWhomItTellsAndThePostmasterHasHisCopy() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("failureDsn", "off, postmaster")));
            admit(process, mail(Case.FAILURE, FOREIGN, false));
            process.settleDown();
        }
        assertThat(world.spool.handed()).extracting(Spool.Handed::state).containsExactly("bounces", "root");
        assertThat(world.spool.handed().get(1).recipients()).containsExactly(POSTMASTER);
    }

    @Test
    void nobodyIsToldAboutADsnThoughItHasASender() throws Exception { // RFC 3464 §2
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(Map.of("failureDsn", "on, postmaster")));
            Mail mail = World.mail("mail", FOREIGN, THERE);
            mail.getMessage().setHeader("Content-Type", "multipart/report; report-type=delivery-status; boundary=b");
            admit(process, mail);
            process.settleDown();
        }
        assertThat(world.spool.handed()).isEmpty();
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void aDelayIsToldAgainAndAgainWhileTheMailWaits() throws Exception {
        assertThat(delaysTold(Map.of("delayDsnAfter", "4h", "delayDsnRepeat", "8h"), 30))
                .containsExactly(4, 12, 20, 28);
    }

    @Test
    void ofSuspendedMailToo() throws Exception {
        assertThat(delaysTold(Map.of("suspended", "true", "delayDsnAfter", "1h", "delayDsnRepeat", "2h"), 6))
                .containsExactly(1, 3, 5);
    }

    @Test
    void byDefaultOnce() throws Exception {
        assertThat(delaysTold(Map.of(), 30)).containsExactly(4);
    }

    @Test
    void repeatsThatAreSwitchedOnCountFromTheLastDelayTold() throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            admit(process, mail(Case.DELAY, FOREIGN, false));
            assertThat(hoursTold(process, 1, 6)).containsExactly(4);
            process.routes.replace(routes(Map.of("delayDsnRepeat", "5h")));
            assertThat(hoursTold(process, 7, 15)).containsExactly(9, 14);
            process.routes.replace(routes(Map.of("delayDsnRepeat", "5h", "delayDsn", "off")));
            assertThat(hoursTold(process, 16, 30)).isEmpty();
            process.routes.replace(routes(Map.of("delayDsnRepeat", "5h", "delayDsn", "postmaster")));
            // And at once, of what was due while it was off.
            assertThat(hoursTold(process, 31, 37)).containsExactly(35);
        }
        assertThat(told(world)).isEqualTo(String.join(" ", FOREIGN, FOREIGN, FOREIGN, POSTMASTER, POSTMASTER));
    }

    @Test
    void repeatsSurviveARestart() throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        Map<String, String> options = Map.of("delayDsnRepeat", "5h");
        world.route = routes(options).of("there.example");
        World.Life first = world.process();
        admit(first, mail(Case.DELAY, FOREIGN, false));
        assertThat(hoursTold(first, 1, 6)).containsExactly(4);
        first.abandon();
        try (World.Life second = world.process()) {
            assertThat(hoursTold(second, 7, 15)).containsExactly(9, 14);
        }
    }

    @Test
    void aCopyThatTheSpoolDoesNotTakeIsTriedAgainAndNotTheSendersDsn() throws Exception {
        for (boolean remainder : new boolean[] {true, false}) {
            World fresh = new World();
            fresh.peers.answer((host, recipient) -> recipient.equals(THERE) ? "550 5.1.1 no" : "450 4.2.1 later");
            fresh.route = routes(Map.of("failureDsn", "on, postmaster")).of("there.example");
            fresh.spool.refuseTo(POSTMASTER);
            World.Life first = fresh.process();
            String[] recipients = remainder ? new String[] {THERE, "later@there.example"} : new String[] {THERE};
            first.admission.admit(World.mail("mail", FOREIGN, recipients));
            first.settleDown();
            assertThat(told(fresh)).isEqualTo(FOREIGN);
            first.abandon();

            fresh.spool.refuse(false);
            try (World.Life second = fresh.process()) {
                fresh.clock.advance(Duration.ofMinutes(2));
                second.settleDown();
            }
            assertThat(told(fresh)).isEqualTo(FOREIGN + " " + POSTMASTER);
        }
    }

    @Test
    void senderAndPostmasterAreBothToldWhereverTheProcessWasKilled() throws Exception {
        int steps = -1;
        for (int lastStep = -1; lastStep <= steps; lastStep++) {
            World fresh = new World();
            fresh.peers.answer((host, recipient) -> answerOnce(fresh, recipient));
            fresh.route = routes(Map.of("failureDsn", "on, postmaster")).of("there.example");
            try (World.Life admitting = fresh.new Life(Halt.never())) {
                admitting.admission.admit(World.mail("mail", FOREIGN, THERE, "later@there.example"));
                admitting.abandon();
            }
            Halt halt = lastStep < 0 ? Halt.never() : Halt.after(lastStep);
            World.Life killed = fresh.new Life(halt).start();
            killed.settleDown();
            killed.abandon();
            try (World.Life restarted = fresh.process()) {
                restarted.settleDown();
                fresh.clock.advance(Duration.ofMinutes(10));
                restarted.settleDown();
            }
            steps = Math.max(steps, lastStep < 0 ? halt.steps() : 0);
            List<String> told = List.of(told(fresh).split(" ", -1));
            assertThat(told).as("killed after step %s", lastStep).contains(FOREIGN, POSTMASTER);
            assertThat(told.size())
                    .as("killed after step %s: %s", lastStep, told)
                    .isLessThanOrEqualTo(4);
            assertThat(fresh.peers.copies("later@there.example")).isEqualTo(1);
            assertThat(fresh.disk.size() + fresh.queue.size()).isZero();
        }
        assertThat(steps).isGreaterThan(4);
    }

    // ---- What happens

    private static World.Life life(World world, Case kind) throws Exception {
        world.peers.answer((host, recipient) -> answer(kind));
        if (kind == Case.QUEUE_FULL) {
            QueueLimits full = new QueueLimits(0, 1, 0, 0);
            world.policy = new Admission.Policy(
                    () -> full, new Admission.WhenFull.Fail(), (mail, processor) -> {}, mail -> {});
        }
        return world.process();
    }

    private static String answer(Case kind) {
        return switch (kind) {
            case FAILURE -> "550 5.1.1 no such user";
            case SUCCESS -> "250 2.1.5 OK";
            case DELAY, QUEUE_FULL -> "450 4.2.1 later";
        };
    }

    private static String answerOnce(World world, String recipient) {
        long asked = world.peers.asked().stream()
                .filter(line -> line.endsWith(recipient))
                .count();
        if (recipient.equals(THERE)) {
            return "550 5.1.1 no such user";
        }
        return asked <= 1 ? "450 4.2.1 later" : "250 2.1.5 OK";
    }

    private static void happen(World world, World.Life process, Case kind) {
        process.settleDown();
        if (kind == Case.DELAY) {
            world.clock.advance(Duration.ofHours(4));
            process.settleDown();
        }
    }

    private static Routes routes(Map<String, String> options) {
        return RouteChangeTest.routes(options);
    }

    private static void admit(World.Life process, Mail mail) throws Exception {
        process.admission.admit(mail);
    }

    private static Mail mail(Case kind, String sender, boolean known) throws Exception {
        Mail mail = World.mail("mail", sender, THERE);
        if (known) {
            mail.setAttribute(new Attribute(Mail.SMTP_AUTH_USER, AttributeValue.of("somebody")));
        }
        if (kind == Case.SUCCESS) {
            notify(mail, "SUCCESS");
        }
        return mail;
    }

    private static void notify(Mail mail, String words) throws Exception {
        EnumSet<Notify> wanted = Arrays.stream(words.split("\\+", -1))
                .map(Notify::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Notify.class)));
        mail.setDsnParameters(DsnParameters.builder()
                .addRcptParameter(new MailAddress(THERE), RecipientDsnParameters.of(wanted))
                .build()
                .orElseThrow());
    }

    private static String told(World world) {
        return world.spool.handed().stream()
                .flatMap(mail -> mail.recipients().stream())
                .collect(Collectors.joining(" "));
    }

    /** In which hours of a mail's life its sender is told that it waits. */
    private List<Integer> delaysTold(Map<String, String> options, int hours) throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.routes.replace(routes(options));
            admit(process, mail(Case.DELAY, FOREIGN, false));
            return hoursTold(process, 1, hours);
        }
    }

    private List<Integer> hoursTold(World.Life process, int from, int to) {
        List<Integer> told = new ArrayList<>();
        process.settleDown();
        for (int hour = from; hour <= to; hour++) {
            int before = world.spool.handed().size();
            world.clock.advance(Duration.ofHours(1));
            process.settleDown();
            if (world.spool.handed().size() > before) {
                told.add(hour);
            }
        }
        return told;
    }
}
