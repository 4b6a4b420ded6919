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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What goes to the bounce and success processors: James's repositories keep one mail of each name. */
class HandingOverTest {

    private static final String SENDER = "sender@here.example";

    private final World world = new World();

    private Set<String> names() {
        return world.spool.handed().stream().map(Spool.Handed::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private List<String> told() {
        return world.spool.handed().stream()
                .flatMap(mail -> mail.recipients().stream())
                .sorted()
                .toList();
    }

    @Test
    void everyErrorIsAMailWithANameOfItsOwn() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) ->
                recipient.startsWith("full") ? "552 5.2.2 mailbox full" : "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", SENDER, "full@one.example", "no@one.example"));
            process.settleDown();
        }
        assertThat(world.spool.handed()).hasSize(2);
        assertThat(names()).hasSize(2).allMatch(name -> name.startsWith("mail-to-one.example-"));
    }

    @Test
    void repliesThatDifferOnlyByTheRecipientAreOneError() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) -> "550 5.1.1 <" + recipient + "> unknown, id=" + recipient.hashCode());
        String[] recipients =
                IntStream.range(0, 10).mapToObj(i -> "r" + i + "@one.example").toArray(String[]::new);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", SENDER, recipients));
            process.settleDown();
        }
        assertThat(world.spool.handed()).singleElement().satisfies(mail -> {
            assertThat(mail.recipients()).containsExactlyInAnyOrder(recipients);
            assertThat(mail.error()).asString().contains("<" + mail.recipients().get(0) + "> unknown");
        });
    }

    @Test
    void aDsnTellsEveryRecipientsOwnReply() throws Exception { // RFC 3464 §2.3
        world.peers.answer((host, recipient) -> "550 5.1.1 <" + recipient + "> unknown");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", SENDER, "a@one.example", "b@one.example"));
            process.settleDown();
        }
        assertThat(world.spool.handed()).singleElement().satisfies(mail -> assertThat(mail.text())
                .contains("Diagnostic-Code: smtp; 550 5.1.1 <a@one.example> unknown")
                .contains("Diagnostic-Code: smtp; 550 5.1.1 <b@one.example> unknown"));
    }

    @Test
    void theSuccessesOfEachAttemptHaveANameOfTheirOwn() throws Exception {
        world.onSuccess = Optional.of("sent");
        world.peers.answer((host, recipient) -> recipient.startsWith("later")
                        && world.peers.asked().stream()
                                        .filter(asked -> asked.endsWith(recipient))
                                        .count()
                                == 1
                ? "450 4.2.1 later"
                : "250 2.0.0 OK");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", SENDER, "now@one.example", "later@one.example"));
            process.settleDown();
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
        }
        assertThat(told()).containsExactly("later@one.example", "now@one.example");
        assertThat(names()).hasSize(2);
    }

    @Test
    void aLongNameIsCutSoThatJamesCanMakeOthersOfIt() throws Exception { // It cuts at 76 characters.
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) -> "550 5.1.1 no such user");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("m".repeat(80), SENDER, "no@one.example"));
            process.admission.admit(World.mail("m".repeat(80), SENDER, "no@one.example"));
            process.settleDown();
        }
        assertThat(names()).hasSize(2).allMatch(name -> name.length() <= 76);
    }

    @Test
    void handedOverOnceMoreAfterACrashItHasTheSameName() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) ->
                recipient.startsWith("later") ? "450 4.2.1 later" : "550 5.1.1 no such user " + recipient);
        World.Life killed = world.process();
        // The hand-over will be done, but not that it is done: the record which says so cannot be written.
        world.disk.roomFor(1);
        killed.admission.admit(World.mail("mail", SENDER, "no@one.example", "later@one.example"));
        World.soon().until(() -> !killed.dispatcher.unwritten().isEmpty());
        assertThat(told()).containsExactly("no@one.example");
        killed.abandon();
        world.disk.roomFor(Integer.MAX_VALUE);
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofMinutes(2));
            process.settleDown();
        }
        assertThat(told()).containsExactly("no@one.example", "no@one.example");
        assertThat(names()).hasSize(1);
    }

    @Test
    void whatTheBounceProcessorHasItDoesNotGetAgainWhileTheSpoolRefusesTheRest() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer((host, recipient) ->
                recipient.startsWith("full") ? "552 5.2.2 mailbox full" : "550 5.1.1 no such user");
        world.spool.refuseTo("full@one.example");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", SENDER, "no@one.example", "full@one.example"));
            process.settleDown();
            for (int minute = 0; minute < 3; minute++) {
                world.clock.advance(Duration.ofMinutes(1));
                process.settleDown();
            }
            assertThat(told()).containsExactly("no@one.example");
            world.spool.refuse(false);
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
        }
        assertThat(told()).containsExactly("full@one.example", "no@one.example");
        assertThat(world.disk.size()).isZero();
    }

    @Test
    void ofWhatIsToldNoRecordStaysThoughARemovalFailed() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        world.peers.answer(
                (host, recipient) -> recipient.startsWith("later") ? "450 4.2.1 later" : "550 5.1.1 no such user");
        world.disk.failRemovals(1);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", SENDER, "no@one.example", "later@one.example"));
            World.soon().until(() -> !world.disk.failsToRemove());
            process.settleDown();
            assertThat(world.disk.size()).as("the newest record alone").isEqualTo(1);
        }
        assertThat(told()).containsExactly("no@one.example");
    }
}
