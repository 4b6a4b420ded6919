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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.core.MailAddress;
import org.apache.james.mailrepository.api.MailKey;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.mailet.AttributeName;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;

/** RFC 5321 §6.1: of mail that nobody may be told of, the administrator keeps a copy. */
class DeadLettersTest {

    private static final String NEVER = "never@one.example";
    private static final String OK = "ok@one.example";

    private final World world = new World();

    DeadLettersTest() {
        script(world);
    }

    private static void script(World world) {
        world.peers.answer((host, recipient) ->
                recipient.startsWith("ok") ? "250 2.0.0 OK" : "550 5.1.1 no such user " + recipient.charAt(0));
    }

    private static List<Mail> letters(World world) throws Exception {
        MailRepository repository = world.deadLetters.asSeenBy(Halt.never());
        List<Mail> letters = new ArrayList<>();
        Iterator<MailKey> keys = repository.list();
        while (keys.hasNext()) {
            letters.add(repository.retrieve(keys.next()));
        }
        return letters;
    }

    private static Object attribute(Mail mail, String name) {
        return mail.getAttribute(AttributeName.of(name))
                .map(attribute -> attribute.getValue().value())
                .orElse(null);
    }

    private static Mail notification(String reportType) throws Exception {
        Mail mail = World.mail("notification", "sender@here.example", NEVER);
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setText("text");
        message.saveChanges();
        message.setHeader("Content-Type", "Multipart/Report; Report-Type=" + reportType + "; boundary=\"b\"");
        mail.setMessage(message);
        return mail;
    }

    @Test
    void mailFromTheNullSenderIsKeptForTheRecipientsThatFailed() throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "", NEVER, OK));
            process.settleDown();
        }
        assertThat(world.spool.handed()).isEmpty();
        assertThat(letters(world)).hasSize(1);
        Mail letter = letters(world).get(0);
        assertThat(letter.getRecipients()).containsExactly(new MailAddress(NEVER));
        assertThat(letter.hasSender()).isFalse();
        assertThat(letter.getMessage().getSubject()).isEqualTo("subject of mail");
        assertThat(attribute(letter, "delivery-error")).asString().contains("550 5.1.1");
        assertThat(attribute(letter, "delivery-error-code")).isEqualTo(550);
        assertThat(attribute(letter, "is-delivery-permanent-error")).isEqualTo(true);
        assertThat(attribute(letter, "outgoing-state")).isNull();
    }

    @Test
    void differentErrorsAreDifferentLetters() throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "", NEVER, "another@one.example"));
            process.settleDown();
        }
        assertThat(letters(world)).hasSize(2);
    }

    @Test
    void expiredMailIsKeptToo() throws Exception {
        world.peers.answer((host, recipient) -> "450 4.2.1 later");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "", NEVER));
            process.settleDown();
            for (int hour = 0; hour < 25; hour++) {
                world.clock.advance(Duration.ofHours(1));
                process.settleDown();
            }
        }
        assertThat(letters(world)).hasSize(1);
        assertThat(attribute(letters(world).get(0), "is-delivery-permanent-error"))
                .isEqualTo(false);
    }

    @Test
    void aNotificationWithASenderIsKeptAndNotAnswered() throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(notification("delivery-status"));
            process.settleDown();
        }
        assertThat(world.spool.handed()).isEmpty();
        assertThat(letters(world)).hasSize(1);
    }

    @Test
    void otherReportsAreAnsweredLikeAnyMail() throws Exception {
        try (World.Life process = world.process()) {
            process.admission.admit(notification("disposition-notification"));
            process.settleDown();
        }
        assertThat(world.spool.dsns()).isEqualTo(1);
        assertThat(letters(world)).isEmpty();
    }

    @Test
    void theBounceProcessorDoesNotGetThem() throws Exception {
        world.bounceProcessor = Optional.of("bounces");
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "", NEVER));
            process.settleDown();
        }
        assertThat(world.spool.handed()).isEmpty();
        assertThat(letters(world)).hasSize(1);
    }

    @Test
    void whileTheRepositoryTakesNothingTheMailIsKeptAndTriedAgain() throws Exception {
        world.deadLetters.full(true);
        try (World.Life process = world.process()) {
            process.admission.admit(World.mail("mail", "", NEVER));
            process.settleDown();
            assertThat(world.disk.size()).isEqualTo(1);
        }
        world.deadLetters.full(false);
        try (World.Life process = world.process()) {
            world.clock.advance(Duration.ofMinutes(1));
            process.settleDown();
        }
        assertThat(world.disk.size()).isZero();
        assertThat(letters(world)).hasSize(1);
    }

    @Test
    void thereIsOneLetterWhereverTheProcessWasKilled() throws Exception {
        Halt undisturbed = Halt.never();
        run(new World(), undisturbed, true);
        for (int lastStep = 0; lastStep <= undisturbed.steps(); lastStep++) {
            World killed = new World();
            boolean admitted = run(killed, Halt.after(lastStep), true);
            run(killed, Halt.never(), !admitted);
            assertThat(letters(killed)).as("killed after step " + lastStep).hasSize(1);
            assertThat(killed.peers.copies("later@one.example")).isBetween(1, 2);
            assertThat(killed.disk.size() + killed.queue.size())
                    .as("killed after step " + lastStep)
                    .isZero();
        }
    }

    /** @return whether the mail was admitted before the process was killed */
    private static boolean run(World world, Halt halt, boolean admit) throws Exception {
        world.peers.answer((host, recipient) -> recipient.equals(NEVER)
                ? "550 5.1.1 no such user"
                : world.peers.asked().stream()
                                        .filter(asked -> asked.endsWith(recipient))
                                        .count()
                                == 1
                        ? "450 4.2.1 later"
                        : "250 2.0.0 OK");
        World.Life process = world.new Life(halt);
        try {
            process.start();
            if (admit) {
                process.admission.admit(World.mail("mail", "", NEVER, "later@one.example"));
            }
        } catch (Halt.Killed killed) {
            process.abandon();
            return false;
        }
        for (int i = 0; i < 3; i++) {
            process.settleDown();
            world.clock.advance(Duration.ofMinutes(2));
        }
        process.settleDown();
        process.abandon();
        return true;
    }
}
