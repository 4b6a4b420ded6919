/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.mailet.Mail;
import org.jamesoutgoing.routing.Route;
import org.junit.jupiter.api.Test;

/**
 * Guarantees 1 and 2 of mailets/README.md: never lost, and never doubled but for what was in flight. The process is killed after
 * each step that leaves a trace outside of it, one after the other: a mail stored, an item acknowledged, an entry removed,
 * a DSN handed over, a 250 received. Then it is started again.
 */
class SettlementCrashTest {

    private static final String OK = "ok@one.example";
    private static final String LATER = "later@one.example";
    private static final String NEVER = "never@one.example";
    private static final String OTHER = "ok@two.example";
    private static final List<String> ALL = List.of(OK, LATER, NEVER, OTHER);

    @Test
    void everyRecipientHasTheMailOrADsnWhereverTheProcessWasKilled() throws Exception {
        int steps = stepsOfAnUndisturbedRun();
        assertThat(steps).isGreaterThan(10);
        for (int lastStep = 0; lastStep <= steps; lastStep++) {
            World world = world();
            World.Life killed = world.new Life(Halt.after(lastStep));
            Mail mail = World.mail("mail", "sender@here.example", ALL.toArray(String[]::new));
            boolean admitted = run(world, killed, mail);
            killed.abandon();
            try (World.Life restarted = world.process()) {
                if (!admitted) {
                    // The spool still has the mail, and gives it to us once more.
                    restarted.admission.admit(World.mail("mail", "sender@here.example", ALL.toArray(String[]::new)));
                }
                finish(world, restarted);
            }
            assertSettled(world, lastStep);
        }
    }

    @Test
    void aMailThatIsSplitBecauseRoutesHaveChangedReachesEveryRecipientWhereverTheProcessWasKilled() throws Exception {
        int steps = 0;
        for (int lastStep = 0; lastStep <= steps || steps == 0; lastStep++) {
            World world = world();
            Route independent = world.route;
            world.route = World.relay(independent);
            World.Life relaying = world.new Life(Halt.never());
            relaying.admission.admit(World.mail("mail", "sender@here.example", ALL.toArray(String[]::new)));
            assertThat(world.queue.size()).as("one mail for all, to the relay").isEqualTo(1);
            relaying.abandon();

            world.route = independent;
            Halt halt = steps == 0 ? Halt.never() : Halt.after(lastStep);
            World.Life killed = world.new Life(halt).start();
            finish(world, killed);
            killed.abandon();
            try (World.Life restarted = world.process()) {
                finish(world, restarted);
            }
            assertSettled(world, lastStep);
            steps = Math.max(steps, halt.steps());
        }
    }

    /** Guarantee 2: a split that fails after a part, or is killed there, delivers no part twice. */
    @Test
    void noPartOfASplitIsDoubledThoughTheDiskIsFullInItsMiddle() throws Exception {
        for (boolean killed : new boolean[] {false, true}) {
            World world = new World();
            Route independent = world.route;
            world.route = World.relay(independent);
            World.Life relaying = world.new Life(Halt.never());
            relaying.admission.admit(World.mail("mail", "sender@here.example", OK, OTHER));
            relaying.abandon();

            world.route = independent;
            // The mail itself, and its first part.
            world.disk.roomFor(2);
            World.Life splitting = world.process();
            World.soon().until(() -> !splitting.dispatcher.unwritten().isEmpty());
            if (killed) {
                splitting.abandon();
                world.disk.roomFor(Integer.MAX_VALUE);
                try (World.Life restarted = world.process()) {
                    finish(world, restarted);
                }
            } else {
                world.disk.roomFor(Integer.MAX_VALUE);
                finish(world, splitting);
                splitting.close();
            }
            assertThat(world.peers.copies(OK)).as("killed: %s", killed).isEqualTo(1);
            assertThat(world.peers.copies(OTHER)).as("killed: %s", killed).isEqualTo(1);
            assertThat(world.disk.size()).isZero();
        }
    }

    private static World world() {
        World world = new World();
        world.peers.answer((host, recipient) -> answer(world, recipient));
        return world;
    }

    private static String answer(World world, String recipient) {
        boolean first = world.peers.asked().stream()
                        .filter(asked -> asked.endsWith(recipient))
                        .count()
                <= 1;
        return switch (recipient) {
            case NEVER -> "550 5.1.1 no such user";
            case LATER -> first ? "450 4.2.1 later" : "250 2.1.5 OK";
            default -> "250 2.1.5 OK";
        };
    }

    private static int stepsOfAnUndisturbedRun() throws Exception {
        World world = world();
        Halt counting = Halt.never();
        try (World.Life process = world.new Life(counting)) {
            assertThat(run(world, process, World.mail("mail", "sender@here.example", ALL.toArray(String[]::new))))
                    .isTrue();
            assertThat(world.peers.allCopies()).isEqualTo(3);
            assertThat(world.spool.dsns()).isEqualTo(1);
        }
        return counting.steps();
    }

    /** @return whether the mail was admitted before the process was killed */
    private static boolean run(World world, World.Life process, Mail mail) throws Exception {
        try {
            process.start();
            process.admission.admit(mail);
        } catch (Halt.Killed killed) {
            return false;
        }
        finish(world, process);
        return true;
    }

    private static void finish(World world, World.Life process) {
        process.settleDown();
        world.clock.advance(Duration.ofMinutes(2));
        process.settleDown();
        world.clock.advance(Duration.ofMinutes(10));
        process.settleDown();
    }

    private static void assertSettled(World world, int lastStep) throws Exception {
        for (String recipient : ALL) {
            String what = recipient + " when killed after step " + lastStep;
            boolean has = world.peers.copies(recipient) > 0;
            assertThat(has || world.spool.toldAbout(recipient)).as(what).isTrue();
            assertThat(world.peers.copies(recipient)).as(what).isLessThanOrEqualTo(2);
        }
        assertThat(world.spool.toldAbout(NEVER))
                .as("killed after step " + lastStep)
                .isTrue();
        assertThat(world.queue.size())
                .as("left in the queue after step " + lastStep)
                .isZero();
        assertThat(world.disk.size())
                .as("left in the waiting room after step " + lastStep)
                .isZero();
    }
}
