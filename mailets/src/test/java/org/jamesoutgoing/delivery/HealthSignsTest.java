/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

/** What shows that broker, disk or spool is in trouble, and that it no longer is. */
class HealthSignsTest {

    private static final String THERE = "there@one.example";
    private final World world = new World();

    private static Mail mail() throws Exception {
        return World.mail("mail", "sender@here.example", THERE);
    }

    @Test
    void withoutTroubleThereIsNoSign() throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            World.soon().until(() -> world.peers.copies(THERE) == 1);
            assertThat(process.dispatcher.queueTrouble()).isEmpty();
            assertThat(process.dispatcher.unwritten()).isEmpty();
            assertThat(process.admission.queueTrouble()).isEmpty();
        }
    }

    @Test
    void aQueueThatCannotBeReadSaysWhyUntilAMailIsRead() throws Exception {
        world.queue.failReads(3);
        try (World.Life process = world.process()) {
            World.soon().until(() -> process.dispatcher
                    .queueTrouble()
                    .filter(why -> why.contains("the broker fails"))
                    .isPresent());
            process.admission.admit(mail());
            World.soon().until(() -> world.peers.copies(THERE) == 1);
            assertThat(process.dispatcher.queueTrouble()).isEmpty();
        }
    }

    @Test
    void aQueueThatCanBeReadAgainIsWellThoughNoMailComes() throws Exception {
        world.queue.failReads(1);
        try (World.Life process = world.process()) {
            World.soon().until(() -> process.dispatcher.queueTrouble().isPresent());
            World.soon().until(() -> process.dispatcher.queueTrouble().isEmpty());
        }
    }

    @Test
    void aQueueThatTakesNoMailSaysWhyUntilItTakesOneOrIsNotAskedForLong() throws Exception {
        try (World.Life process = world.process()) {
            world.queue.refuse(true);
            process.admission.admit(mail());
            assertThat(process.admission.queueTrouble())
                    .hasValueSatisfying(why -> assertThat(why).contains("the broker refuses"));

            world.queue.refuse(false);
            process.admission.admit(mail());
            assertThat(process.admission.queueTrouble()).isEmpty();

            world.queue.refuse(true);
            process.admission.admit(mail());
            world.clock.advance(Duration.ofMinutes(6));
            assertThat(process.admission.queueTrouble()).isEmpty();
        }
    }

    @Test
    void whatCannotBeWrittenDownIsKnownUntilItIsWritten() throws Exception {
        world.peers.answer((host, recipient) -> "451 4.3.0 not now");
        world.disk.full(true);
        try (World.Life process = world.process()) {
            process.admission.admit(mail());
            World.soon().until(() -> process.dispatcher.unwritten().size() == 1);
            assertThat(process.dispatcher.unwritten().values())
                    .allSatisfy(why -> assertThat(why).contains("No space left on device"));

            world.disk.full(false);
            World.soon().until(() -> process.dispatcher.unwritten().isEmpty());
            assertThat(world.disk.size()).isEqualTo(1);
        }
    }

    @Test
    void lanesAreCounted() throws Exception {
        try (World.Life process = world.process()) {
            assertThat(process.dispatcher.laneCount()).isZero();
            process.admission.admit(
                    World.mail("mail", "sender@here.example", "a@one.example", "b@one.example", "c@two.example"));
            World.soon().until(() -> process.dispatcher.laneCount() == 2);
        }
    }
}
