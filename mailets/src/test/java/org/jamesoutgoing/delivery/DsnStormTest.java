/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.ParsedDsn;
import org.jamesoutgoing.notify.DsnLimit;
import org.junit.jupiter.api.Test;

/** A sender of mail that fails in masses is not buried in DSNs, and is told about every recipient. */
class DsnStormTest {

    private static final String STORMY = "storm@here.example";
    private static final Pattern RECIPIENT = Pattern.compile("Final-Recipient: rfc822; (\\S+)");

    private final World world = new World();

    DsnStormTest() {
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
    }

    private static Mail failing(int number) throws Exception {
        return World.mail("mail" + number, STORMY, "r" + number + "@one.example");
    }

    private static void storm(World.Life process, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            process.admission.admit(failing(i));
        }
        process.settleDown();
    }

    /** How often each recipient is reported. */
    private static Map<String, Integer> reported(World world) {
        Map<String, Integer> reported = new HashMap<>();
        for (Spool.Handed dsn : world.spool.handed()) {
            Matcher recipients = RECIPIENT.matcher(dsn.text());
            while (recipients.find()) {
                reported.merge(recipients.group(1), 1, Integer::sum);
            }
        }
        return reported;
    }

    private Spool.Handed last() {
        return world.spool.handed().get(world.spool.handed().size() - 1);
    }

    private static ParsedDsn validMerged(Spool.Handed dsn) {
        return ParsedDsn.validMerged(dsn.text().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void ofAThousandFailuresTheLimitIsToldAtOnceAndTheRestInOneDsn() throws Exception {
        try (World.Life process = world.process()) {
            storm(process, 0, 1000);
            assertThat(world.spool.dsns()).isEqualTo(100);
            assertThat(world.disk.size()).isEqualTo(900);

            world.clock.advance(Duration.ofSeconds(35));
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(100);
            world.clock.advance(Duration.ofSeconds(1));
            process.settleDown();

            assertThat(world.spool.dsns()).isEqualTo(101);
            assertThat(validMerged(last()).groups()).hasSize(901);
            assertThat(last().recipients()).containsExactly(STORMY);
            assertThat(world.disk.size()).isZero();
            assertThat(reported(world)).hasSize(1000).allSatisfy((recipient, times) -> assertThat(times)
                    .as(recipient)
                    .isEqualTo(1));
        }
    }

    @Test
    void otherSendersAreNotAffected() throws Exception {
        try (World.Life process = world.process()) {
            storm(process, 0, 150);
            process.admission.admit(World.mail("other", "other@here.example", "other@one.example"));
            process.settleDown();
            assertThat(reported(world)).containsEntry("other@one.example", 1);
        }
    }

    @Test
    void aSingleOneThatWasPostponedIsADsnLikeAnyOther() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofMinutes(1)));
        try (World.Life process = world.process()) {
            storm(process, 0, 2);
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(2);
            assertThat(ParsedDsn.valid(last().text().getBytes(StandardCharsets.UTF_8))
                            .returned())
                    .isPresent();
        }
    }

    @Test
    void whatComesWhileSomethingIsPostponedWaitsWithIt() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofMinutes(1)));
        try (World.Life process = world.process()) {
            storm(process, 0, 2);
            world.clock.advance(Duration.ofSeconds(59));
            storm(process, 2, 3);
            assertThat(world.spool.dsns()).isEqualTo(1);
            world.clock.advance(Duration.ofSeconds(1));
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(2);
            assertThat(reported(world)).containsOnlyKeys("r0@one.example", "r1@one.example", "r2@one.example");
        }
    }

    @Test
    void eachKindHasADsnOfItsOwn() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(2, Duration.ofMinutes(2)));
        world.peers.answer((host, recipient) -> recipient.startsWith("late") ? "450 4.2.1 later" : "550 5.1.1 no");
        try (World.Life process = world.process()) {
            for (String name : List.of("late1", "late2")) {
                process.admission.admit(World.mail(name, STORMY, name + "@one.example"));
            }
            process.settleDown();
            Duration ten = Duration.ofSeconds(10);
            world.clock.advance(Duration.ofHours(4).minus(ten));
            process.settleDown();
            storm(process, 0, 4);
            world.clock.advance(ten);
            process.settleDown();
            assertThat(world.spool.dsns())
                    .as("nothing comes before what is postponed")
                    .isEqualTo(2);
            for (int minute = 0; minute < 3; minute++) {
                world.clock.advance(Duration.ofMinutes(1));
                process.settleDown();
            }
            List<Spool.Handed> dsns = world.spool.handed();
            assertThat(dsns).hasSize(4);
            assertThat(dsns.get(2).text()).contains("Action: failed").doesNotContain("Action: delayed");
            assertThat(dsns.get(3).text()).contains("Action: delayed").doesNotContain("Action: failed");
            assertThat(reported(world)).hasSize(6);
        }
    }

    @Test
    void theDeliveryOfTheRestOfAMailDoesNotWait() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofHours(1)));
        List<String> attempts = new ArrayList<>();
        world.peers.answer((host, recipient) -> {
            attempts.add(recipient);
            return recipient.startsWith("later")
                            && attempts.stream().filter(recipient::equals).count() == 1
                    ? "450 4.2.1 later"
                    : recipient.startsWith("later") ? "250 2.0.0 OK" : "550 5.1.1 no such user";
        });
        try (World.Life process = world.process()) {
            storm(process, 0, 1);
            process.admission.admit(World.mail("both", STORMY, "never@one.example", "later@one.example"));
            process.settleDown();
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
            assertThat(world.peers.copies("later@one.example")).isEqualTo(1);
            assertThat(reported(world)).doesNotContainKey("never@one.example");
        }
    }

    @Test
    void theDueTimeSurvivesARestartAndChangedRoutes() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofMinutes(10)));
        try (World.Life process = world.process()) {
            storm(process, 0, 3);
        }
        world.clock.advance(Duration.ofMinutes(9));
        try (World.Life process = world.process()) {
            process.routes.replace(any -> world.route);
            process.settleDown();
            storm(process, 3, 4);
            assertThat(world.spool.dsns()).isEqualTo(1);
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(2);
            assertThat(validMerged(last()).groups()).hasSize(4);
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void whenTheSpoolDoesNotTakeItItIsTriedAgainAfterAMinute() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofSeconds(1)));
        try (World.Life process = world.process()) {
            storm(process, 0, 4);
            world.spool.refuse(true);
            world.clock.advance(Duration.ofSeconds(1));
            process.settleDown();
            assertThat(world.disk.size()).isEqualTo(3);
            world.spool.refuse(false);
            world.clock.advance(Duration.ofSeconds(59));
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(1);
            world.clock.advance(Duration.ofSeconds(1));
            process.settleDown();
            assertThat(world.spool.dsns()).isEqualTo(2);
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void whatCannotBePostponedOnAFullDiskStaysDue() throws Exception {
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofMinutes(1)));
        try (World.Life process = world.process()) {
            storm(process, 0, 1);
            world.disk.full(true);
            process.admission.admit(failing(1));
            World.soon().until(() -> world.peers.asked().stream().anyMatch(asked -> asked.endsWith("r1@one.example")));
            world.disk.full(false);
            process.settleDown();
            for (int minute = 0; minute < 3; minute++) {
                world.clock.advance(Duration.ofMinutes(1));
                process.settleDown();
            }
            assertThat(reported(world)).containsEntry("r1@one.example", 1);
            assertThat(world.disk.size()).isZero();
        }
    }

    @Test
    void theBounceProcessorGetsEveryMailAtOnce() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.dsnLimit = Optional.of(new DsnLimit(1, Duration.ofDays(1)));
        try (World.Life process = world.process()) {
            storm(process, 0, 20);
            assertThat(world.spool.handed()).hasSize(20).allMatch(mail -> mail.state()
                    .equals("bounces"));
        }
    }

    @Test
    void everyRecipientIsReportedWhereverTheProcessWasKilled() throws Exception {
        Halt undisturbed = Halt.never();
        World calm = stormyWorld();
        World.Life life = calm.new Life(undisturbed);
        runStorm(calm, life, 0);
        life.close();
        assertThat(reported(calm)).hasSize(5).allSatisfy((recipient, times) -> assertThat(times)
                .isEqualTo(1));
        int steps = undisturbed.steps();
        assertThat(steps).isGreaterThan(15);

        for (int lastStep = 0; lastStep <= steps; lastStep++) {
            World killedWorld = stormyWorld();
            World.Life killed = killedWorld.new Life(Halt.after(lastStep));
            int admitted = runStorm(killedWorld, killed, 0);
            killed.abandon();
            World.Life restarted = killedWorld.new Life(Halt.never());
            runStorm(killedWorld, restarted, admitted);
            restarted.close();

            assertThat(reported(killedWorld))
                    .as("killed after step " + lastStep)
                    .hasSize(5);
            assertThat(reported(killedWorld).values())
                    .as("what was in flight is told once more: step " + lastStep)
                    .allMatch(times -> times <= 2);
            assertThat(killedWorld.disk.size()).as("step " + lastStep).isZero();
            assertThat(killedWorld.queue.size()).as("step " + lastStep).isZero();
        }
    }

    private static World stormyWorld() {
        World world = new World();
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        world.dsnLimit = Optional.of(new DsnLimit(2, Duration.ofMinutes(2)));
        return world;
    }

    /** @return how many of five mails were admitted before the process was killed */
    private static int runStorm(World world, World.Life process, int from) throws Exception {
        int admitted = from;
        try {
            process.start();
            process.settleDown();
            for (; admitted < 5; admitted++) {
                process.admission.admit(failing(admitted));
            }
        } catch (Halt.Killed killed) {
            return admitted;
        }
        process.settleDown();
        for (int i = 0; i < 4; i++) {
            world.clock.advance(Duration.ofSeconds(61));
            process.settleDown();
        }
        return admitted;
    }
}
